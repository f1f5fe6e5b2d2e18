package dev.millrace.model.augment;

import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;

/**
 * Views that also put similar items in place of some, or beside them, so that a short sequence
 * keeps its meaning.
 *
 * <p>A sequence of more than {@code threshold} items is changed by one of substitute, insert, crop,
 * mask and reorder, a shorter one by one of substitute, insert and mask, each as likely.
 *
 * <p>Liu et al., Contrastive self-supervised sequential recommendation with robust augmentation
 * (CoSeRec), 2021, section 3.2.
 */
public final class InformativeViews {

  /**
   * How strongly a view differs; at least one item is substituted or inserted.
   *
   * @param common ratios of crop, mask and reorder
   * @param substituteRatio {@code max(floor(L ratio), 1)} items are substituted
   * @param insertRatio {@code max(floor(L ratio), 1)} items are inserted
   * @param threshold longest sequence that is neither cropped nor reordered
   */
  public record Config(
      ViewConfig common, double substituteRatio, double insertRatio, int threshold) {

    public Config {
      if (!(substituteRatio >= 0 && substituteRatio <= 1)
          || !(insertRatio >= 0 && insertRatio <= 1)) {
        throw new IllegalArgumentException(
            "ratios lie in [0, 1], were " + substituteRatio + " and " + insertRatio);
      }
    }
  }

  private static final int INFORMATIVE = 2;

  private final Config config;
  private final SimilarItems similar;
  private final SequenceViews common;

  public InformativeViews(Config config, SimilarItems similar) {
    this.config = config;
    this.similar = similar;
    this.common = new SequenceViews(config.common());
  }

  /**
   * One view.
   *
   * @param items at least one; left as it is
   */
  public int[] view(int[] items, SeededRandom random) {
    SequenceOperator[] others =
        items.length > config.threshold()
            ? SequenceOperator.values()
            : new SequenceOperator[] {SequenceOperator.MASK};
    int drawn = random.nextInt(INFORMATIVE + others.length);
    return switch (drawn) {
      case 0 -> {
        int[] positions = positions(items.length, config.substituteRatio(), random);
        yield SequenceOperations.substitute(items, positions, similarTo(items, positions));
      }
      case 1 -> {
        int[] positions = positions(items.length, config.insertRatio(), random);
        yield SequenceOperations.insert(items, positions, similarTo(items, positions));
      }
      default -> common.view(others[drawn - INFORMATIVE], items, random);
    };
  }

  private static int[] positions(int length, double ratio, SeededRandom random) {
    int count = Math.max((int) Math.floor(length * ratio), 1);
    int[] positions = SequenceViews.choose(length, count, random);
    Arrays.sort(positions);
    return positions;
  }

  private int[] similarTo(int[] items, int[] positions) {
    int[] found = new int[positions.length];
    for (int k = 0; k < positions.length; k++) {
      found[k] = similar.mostSimilar(items[positions[k]]);
    }
    return found;
  }
}
