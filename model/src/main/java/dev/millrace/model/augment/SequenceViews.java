package dev.millrace.model.augment;

import dev.millrace.model.kernel.SeededRandom;

/**
 * Draws two views of a sequence by two different operators of crop, mask and reorder.
 *
 * <p>A sequence of one item has itself as both views. Positions, starts and permutations are
 * uniform among all that are possible.
 *
 * <p>Qin et al., Meta-optimized contrastive learning for sequential recommendation (MCLRec), SIGIR
 * 2023, section 3.2.
 */
public final class SequenceViews {

  /** A pair of views; arrays of their own. */
  public record Pair(int[] first, int[] second) {}

  private final ViewConfig config;

  public SequenceViews(ViewConfig config) {
    this.config = config;
  }

  /**
   * Two views.
   *
   * @param items at least one item; left as it is
   */
  public Pair pair(int[] items, SeededRandom random) {
    if (items.length == 0) {
      throw new IllegalArgumentException("an empty sequence has no views");
    }
    if (items.length == 1) {
      return new Pair(items.clone(), items.clone());
    }
    SequenceOperator[] operators = SequenceOperator.values();
    int first = random.nextInt(operators.length);
    int second = (first + 1 + random.nextInt(operators.length - 1)) % operators.length;
    int[] view = view(operators[first], items, random);
    return new Pair(view, view(operators[second], items, random));
  }

  /** One view by the given operator. */
  public int[] view(SequenceOperator operator, int[] items, SeededRandom random) {
    int length = items.length;
    return switch (operator) {
      case CROP -> {
        int count = Math.max(1, (int) Math.floor(length * (1 - config.cropRatio())));
        yield SequenceOperations.crop(items, random.nextInt(length - count + 1), count);
      }
      case MASK -> {
        int count = (int) Math.floor(length * config.maskRatio());
        yield SequenceOperations.mask(items, choose(length, count, random), config.mask());
      }
      case REORDER -> {
        int count = (int) Math.floor(length * config.reorderRatio());
        int start = random.nextInt(length - count + 1);
        yield SequenceOperations.reorder(items, start, choose(count, count, random));
      }
    };
  }

  /** {@code count} of the numbers below {@code bound}, in random order (Fisher and Yates). */
  static int[] choose(int bound, int count, SeededRandom random) {
    int[] numbers = new int[bound];
    for (int i = 0; i < bound; i++) {
      numbers[i] = i;
    }
    int[] chosen = new int[count];
    for (int i = 0; i < count; i++) {
      int other = i + random.nextInt(bound - i);
      chosen[i] = numbers[other];
      numbers[other] = numbers[i];
    }
    return chosen;
  }
}
