package dev.millrace.model.vision;

/**
 * What is diagnosed: a function of an image, in evaluation mode, without random parts.
 *
 * <p>An image has {@code size * size} pixels, row-major, red, green and blue side by side;
 * display-encoded values in [0, 1] that are not rounded to bytes, since thresholds lie below one
 * code value. Normalisation by mean and deviation is the encoder's own.
 */
@FunctionalInterface
public interface VisionEncoder {

  /**
   * The embedding of an image, of any fixed length.
   *
   * <p>Called from as many threads at once as {@link VisionConfig#threads} says.
   *
   * @param image {@code 3 size^2} values; not to be changed and not to be kept, but it may be
   *     returned
   */
  double[] encode(double[] image);
}
