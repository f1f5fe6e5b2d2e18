package dev.millrace.model.vision;

/**
 * How the stimuli are shown.
 *
 * @param size side of the images, in pixels; at least 8
 * @param pixelsPerDegree of the observer's field of view
 * @param aboveNyquist whether frequencies above half the pixels per degree are shown, although they
 *     appear as lower ones
 * @param seed of the noise
 * @param threads that make stimuli and call the encoder; at least 1
 */
public record VisionConfig(
    int size, double pixelsPerDegree, boolean aboveNyquist, long seed, int threads) {

  private static final int PUBLISHED_SIZE = 224;
  private static final double PUBLISHED_PIXELS_PER_DEGREE = 60;

  /** The published setting: 224 pixels of 1/60 degree, all frequencies shown. */
  public static final VisionConfig PUBLISHED =
      new VisionConfig(PUBLISHED_SIZE, PUBLISHED_PIXELS_PER_DEGREE, true, 1, 1);

  /**
   * The same 3.73 degrees in fewer or more pixels; frequencies that these cannot show are left out.
   */
  public static VisionConfig forSize(int size) {
    double pixelsPerDegree = size * PUBLISHED_PIXELS_PER_DEGREE / PUBLISHED_SIZE;
    return new VisionConfig(size, pixelsPerDegree, false, 1, 1);
  }

  public VisionConfig {
    if (size < 8) {
      throw new IllegalArgumentException("stimuli need at least 8 pixels a side, were " + size);
    }
    if (!(pixelsPerDegree > 0 && pixelsPerDegree < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("pixels per degree are above 0, were " + pixelsPerDegree);
    }
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread, was " + threads);
    }
  }

  /** The same on another number of threads; the encoder must bear as many calls at once. */
  public VisionConfig withThreads(int other) {
    return new VisionConfig(size, pixelsPerDegree, aboveNyquist, seed, other);
  }

  /** The same with other noise. */
  public VisionConfig withSeed(long other) {
    return new VisionConfig(size, pixelsPerDegree, aboveNyquist, other, threads);
  }

  boolean shows(double frequency) {
    return aboveNyquist || frequency <= pixelsPerDegree / 2;
  }

  /** Values of an image. */
  int length() {
    return 3 * size * size;
  }
}
