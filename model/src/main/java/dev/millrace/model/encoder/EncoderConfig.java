package dev.millrace.model.encoder;

/**
 * Shape and rates of a {@link TransformerEncoder}.
 *
 * @param width length of a row, a multiple of {@code heads}
 * @param heads number of attention heads
 * @param layers number of layers, at least 1
 * @param inner width inside the feed-forward part
 * @param maxLength longest sequence
 * @param hiddenDropout dropout rate after the embedding and after each part of a layer, in [0, 1)
 * @param attentionDropout dropout rate on attention probabilities, in [0, 1)
 * @param epsilon added to the variance in every layer normalisation
 */
public record EncoderConfig(
    int width,
    int heads,
    int layers,
    int inner,
    int maxLength,
    double hiddenDropout,
    double attentionDropout,
    double epsilon) {

  /** SASRec's shape with MCLRec's rates: 64 wide, 2 heads, 2 layers, 256 inside, 50 items. */
  public static final EncoderConfig STANDARD =
      new EncoderConfig(64, 2, 2, 256, 50, 0.5, 0.5, 1e-12);

  public EncoderConfig {
    if (width < 1 || heads < 1 || layers < 1 || inner < 1 || maxLength < 1) {
      throw new IllegalArgumentException(
          "width, heads, layers, inner and maxLength are at least 1, were %d, %d, %d, %d and %d"
              .formatted(width, heads, layers, inner, maxLength));
    }
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "the width must be a multiple of the heads, were " + width + " and " + heads);
    }
    requireRate("hiddenDropout", hiddenDropout);
    requireRate("attentionDropout", attentionDropout);
    if (!(epsilon >= 0)) {
      throw new IllegalArgumentException("epsilon is at least 0, was " + epsilon);
    }
  }

  private static void requireRate(String name, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(name + " lies in [0, 1), was " + rate);
    }
  }

  /** The same shape with one dropout rate everywhere. */
  public EncoderConfig withDropout(double rate) {
    return new EncoderConfig(width, heads, layers, inner, maxLength, rate, rate, epsilon);
  }
}
