package dev.millrace.model.sequential;

import dev.millrace.model.encoder.EncoderConfig;

/**
 * How a method is trained.
 *
 * @param encoder shape and dropout
 * @param passes largest number of passes over the training examples
 * @param patience passes without a better validation figure after which training ends
 * @param batch examples of a step
 * @param rate of Adam
 * @param seed of everything that is drawn
 */
public record TrainingConfig(
    EncoderConfig encoder, int passes, int patience, int batch, double rate, long seed) {

  /** What MCLRec's results were obtained with. */
  public static final TrainingConfig STANDARD =
      new TrainingConfig(EncoderConfig.STANDARD, 50, 10, 256, 1e-3, 1);

  public TrainingConfig {
    if (passes < 1 || patience < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "passes, patience and batch are at least 1, were %d, %d and %d"
              .formatted(passes, patience, batch));
    }
    if (!(rate > 0)) {
      throw new IllegalArgumentException("the learning rate is above 0, was " + rate);
    }
  }
}
