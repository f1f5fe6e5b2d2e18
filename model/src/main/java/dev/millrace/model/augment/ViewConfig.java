package dev.millrace.model.augment;

/**
 * How strongly a view differs from its sequence of {@code L} items.
 *
 * @param cropRatio share that is cut off: {@code floor(L (1 - cropRatio))} items stay, at least 1
 * @param maskRatio share that is masked: {@code floor(L maskRatio)} items
 * @param reorderRatio share of the window: {@code floor(L reorderRatio)} items
 * @param mask what a masked item becomes
 */
public record ViewConfig(double cropRatio, double maskRatio, double reorderRatio, int mask) {

  /** The ratios of MCLRec; a masked item becomes the padding item 0. */
  public static final ViewConfig STANDARD = new ViewConfig(0.5, 0.5, 0.8, 0);

  public ViewConfig {
    requireRatio("cropRatio", cropRatio);
    requireRatio("maskRatio", maskRatio);
    requireRatio("reorderRatio", reorderRatio);
    if (mask < 0) {
      throw new IllegalArgumentException("the mask is a row of the item table, was " + mask);
    }
  }

  private static void requireRatio(String name, double ratio) {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException(name + " lies in [0, 1], was " + ratio);
    }
  }
}
