package dev.millrace.model.vision;

import dev.millrace.model.kernel.Parallel;
import dev.millrace.model.vision.VisionReport.Figure;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Contrast matching, the ninth test: gratings of which contrast does the encoder hold equally far
 * from a plain field as a reference grating of 5 cycles per degree?
 *
 * <p>The figure is the root mean square difference of {@code log10} contrasts from the human ones.
 */
final class ContrastConstancy {

  private static final double REFERENCE_FREQUENCY = 5;
  private static final double LUMINANCE = 10;
  private static final double LOWEST = 0.001;
  private static final double HIGHEST = 1;

  /** Of the published root finder; ours stops no later. */
  private static final double TOLERANCE = 1e-5;

  private final VisionConfig config;
  private final Stimuli stimuli;
  private final EncoderPanel panel;
  private final Parallel parallel;
  private final double[][] images;
  private final double[][] plain;

  ContrastConstancy(VisionConfig config, Stimuli stimuli, EncoderPanel panel, Parallel parallel) {
    this.config = config;
    this.stimuli = stimuli;
    this.panel = panel;
    this.parallel = parallel;
    images = new double[parallel.threads()][config.length()];
    stimuli.uniform(LUMINANCE, images[0]);
    plain = panel.encode(images[0]);
  }

  /** One figure for each encoder. */
  List<Figure> figures() {
    int[] shown =
        IntStream.range(0, HumanData.matchingFrequencies())
            .filter(i -> config.shows(HumanData.matchingFrequency(i)))
            .toArray();
    int references = HumanData.referenceContrasts();
    int omitted = HumanData.matchingFrequencies() - shown.length;
    if (!config.shows(REFERENCE_FREQUENCY)) {
      return IntStream.range(0, panel.count())
          .mapToObj(
              e ->
                  new Figure(
                      VisionTest.CONTRAST_CONSTANCY,
                      Double.NaN,
                      0,
                      0,
                      references * HumanData.matchingFrequencies()))
          .toList();
    }
    double[][] matches = new double[panel.count()][references * shown.length];
    // One task for an encoder and a frequency: the ends of its range are the same for all
    // contrasts.
    parallel.run(
        panel.count() * shown.length,
        (task, worker) -> {
          int encoder = task / shown.length;
          int column = task % shown.length;
          double frequency = HumanData.matchingFrequency(shown[column]);
          double low = response(encoder, frequency, LOWEST, worker);
          double high = response(encoder, frequency, HIGHEST, worker);
          for (int r = 0; r < references; r++) {
            double wanted =
                response(encoder, REFERENCE_FREQUENCY, HumanData.referenceContrast(r), worker);
            matches[encoder][r * shown.length + column] =
                match(encoder, frequency, low - wanted, high - wanted, wanted, worker);
          }
        });
    return IntStream.range(0, panel.count())
        .mapToObj(e -> figure(matches[e], shown, references * omitted))
        .toList();
  }

  private double response(int encoder, double frequency, double contrast, int worker) {
    stimuli.grating(frequency, LUMINANCE, contrast, images[worker]);
    return panel.angle(encoder, images[worker], plain[encoder]);
  }

  private double match(
      int encoder, double frequency, double atLow, double atHigh, double wanted, int worker) {
    if (Double.isNaN(atLow + atHigh)) {
      return Double.NaN;
    }
    if (atLow < 0 && atHigh < 0) {
      return HIGHEST;
    }
    if (atLow >= 0 && atHigh >= 0) {
      return LOWEST;
    }
    return RootFinder.root(
        contrast -> response(encoder, frequency, contrast, worker) - wanted,
        LOWEST,
        atLow,
        HIGHEST,
        atHigh,
        TOLERANCE);
  }

  private static Figure figure(double[] matches, int[] shown, int omitted) {
    double sum = 0;
    for (int i = 0; i < matches.length; i++) {
      double human = HumanData.match(i / shown.length, shown[i % shown.length]);
      double difference = Math.log10(matches[i]) - Math.log10(human);
      sum += difference * difference;
    }
    return new Figure(
        VisionTest.CONTRAST_CONSTANCY,
        Math.sqrt(sum / matches.length),
        matches.length,
        (int) Arrays.stream(matches).distinct().count(),
        omitted);
  }
}
