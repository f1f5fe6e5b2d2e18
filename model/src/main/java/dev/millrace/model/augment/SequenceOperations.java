package dev.millrace.model.augment;

import java.util.Arrays;

/**
 * Crop, mask, reorder, substitute and insert of a sequence of items for given draws.
 *
 * <p>Each returns a new array and leaves its arguments as they are.
 *
 * <p>Xie et al., Contrastive learning for sequential recommendation (CL4SRec), ICDE 2022, section
 * 3.3; the last two: Liu et al., Contrastive self-supervised sequential recommendation with robust
 * augmentation (CoSeRec), 2021, section 3.2.
 */
public final class SequenceOperations {

  private SequenceOperations() {}

  /** The {@code count} items from {@code start} on. */
  public static int[] crop(int[] items, int start, int count) {
    requireWindow(items, start, count);
    return Arrays.copyOfRange(items, start, start + count);
  }

  /** The same items with {@code mask} at the given positions. */
  public static int[] mask(int[] items, int[] positions, int mask) {
    int[] view = items.clone();
    for (int position : positions) {
      requirePosition(items, position);
      view[position] = mask;
    }
    return view;
  }

  /**
   * The same items with a window in another order: {@code view[start + i] = items[start +
   * permutation[i]]}.
   *
   * @param permutation the numbers from 0 to its length, each once
   */
  public static int[] reorder(int[] items, int start, int[] permutation) {
    requireWindow(items, start, permutation.length);
    boolean[] seen = new boolean[permutation.length];
    int[] view = items.clone();
    for (int i = 0; i < permutation.length; i++) {
      int from = permutation[i];
      if (from < 0 || from >= seen.length || seen[from]) {
        throw new IllegalArgumentException("no permutation: " + Arrays.toString(permutation));
      }
      seen[from] = true;
      view[start + i] = items[start + from];
    }
    return view;
  }

  /** The same items with {@code substitutes[k]} in place of the one at {@code positions[k]}. */
  public static int[] substitute(int[] items, int[] positions, int[] substitutes) {
    int[] view = items.clone();
    for (int k = 0; k < positions.length; k++) {
      requirePosition(items, positions[k]);
      view[positions[k]] = substitutes[k];
    }
    return view;
  }

  /**
   * The same items with {@code inserted[k]} right before the one at {@code positions[k]}.
   *
   * @param positions ascending, each once
   */
  public static int[] insert(int[] items, int[] positions, int[] inserted) {
    int[] view = new int[items.length + positions.length];
    int k = 0;
    for (int i = 0; i < items.length; i++) {
      if (k < positions.length && positions[k] == i) {
        view[i + k] = inserted[k];
        k++;
      }
      view[i + k] = items[i];
    }
    if (k < positions.length) {
      throw new IllegalArgumentException(
          "positions must ascend within the sequence, were " + Arrays.toString(positions));
    }
    return view;
  }

  private static void requirePosition(int[] items, int position) {
    if (position < 0 || position >= items.length) {
      throw new IllegalArgumentException(
          "position " + position + " of a sequence of " + items.length + " items");
    }
  }

  private static void requireWindow(int[] items, int start, int count) {
    if (start < 0 || count < 0 || start + count > items.length) {
      throw new IllegalArgumentException(
          count + " items from " + start + " on, of a sequence of " + items.length);
    }
  }
}
