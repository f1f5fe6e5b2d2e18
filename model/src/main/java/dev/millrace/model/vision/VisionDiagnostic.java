package dev.millrace.model.vision;

import dev.millrace.model.kernel.Parallel;
import dev.millrace.model.vision.VisionReport.Figure;
import dev.millrace.model.vision.VisionReport.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Nine tests of low-level vision for an image encoder, raw pixels beside it.
 *
 * <p>The score of a pair of images is the angle between their embeddings, as a share of half a
 * turn. In the first eight tests every condition shows targets at the same multiples of the human
 * threshold; the figure is Spearman's correlation of score and strength over all pairs: 1 for an
 * encoder whose contours of equal score have the shape of human thresholds, and far from 0 already
 * for raw pixels. The ninth compares contrasts that are matched across frequencies.
 *
 * <p>An alarm and a description, no measure of what embeddings are good for: constant scores (NaN)
 * show a collapsed encoder.
 *
 * <p>Cai et al., Do computer vision foundation models learn the low-level characteristics of the
 * human visual system?, CVPR 2025, arXiv 2502.20256.
 */
public final class VisionDiagnostic {

  private static final int LEVELS = 10;

  private final VisionConfig config;
  private final Stimuli stimuli;
  private final EncoderPanel panel;
  private final Parallel parallel;
  private final double[] multiples = new double[LEVELS];

  private VisionDiagnostic(VisionConfig config, EncoderPanel panel, Parallel parallel) {
    this.config = config;
    this.panel = panel;
    this.parallel = parallel;
    stimuli = new Stimuli(config);
    for (int i = 0; i < LEVELS; i++) {
      multiples[i] = DetectionTest.spaced(0.5, 2, i, LEVELS);
    }
  }

  /** The report of one encoder under the name {@code encoder}, raw pixels beside it. */
  public static VisionReport run(VisionEncoder encoder, VisionConfig config) {
    return run(Map.of("encoder", encoder), config);
  }

  /**
   * The report of several encoders that are shown the same images.
   *
   * @param encoders by name; raw pixels are added and need not be among them
   */
  public static VisionReport run(Map<String, VisionEncoder> encoders, VisionConfig config) {
    Map<String, VisionEncoder> all = new LinkedHashMap<>();
    all.put(VisionReport.BASELINE, TrivialEncoders.pixels());
    encoders.forEach(all::putIfAbsent);
    try (Parallel parallel = new Parallel(config.threads())) {
      EncoderPanel panel = new EncoderPanel(List.copyOf(all.values()));
      List<List<Figure>> byTest = new VisionDiagnostic(config, panel, parallel).byTest();
      List<String> names = List.copyOf(all.keySet());
      return new VisionReport(
          config,
          IntStream.range(0, names.size())
              .mapToObj(
                  e -> new Row(names.get(e), byTest.stream().map(test -> test.get(e)).toList()))
              .toList());
    }
  }

  private List<List<Figure>> byTest() {
    List<List<Figure>> figures = new ArrayList<>();
    for (VisionTest test : VisionTest.values()) {
      figures.add(
          switch (test) {
            case CONTRAST_CONSTANCY ->
                new ContrastConstancy(config, stimuli, panel, parallel).figures();
            case COHERENT_MASKING, INCOHERENT_MASKING ->
                figures(new MaskingTest(test, stimuli), scores -> strengths(scores, 1));
            default -> figures(new DetectionTest(test, stimuli), scores -> strengths(scores, -1));
          });
    }
    return figures;
  }

  private List<Figure> figures(PairTest test, Function<double[], double[]> strengths) {
    int[] shown =
        IntStream.range(0, test.conditions())
            .filter(i -> config.shows(test.frequency(i)))
            .toArray();
    double[][] scores = scores(test, shown);
    int omitted = test.conditions() - shown.length;
    return IntStream.range(0, panel.count())
        .mapToObj(
            e ->
                new Figure(
                    test.test(),
                    Statistics.spearman(strengths.apply(scores[e]), scores[e]),
                    scores[e].length,
                    Statistics.distinct(scores[e]),
                    omitted))
        .toList();
  }

  /** What each score should rise with: the multiples, or minus them where they weaken a target. */
  private double[] strengths(double[] scores, int sign) {
    double[] strengths = new double[scores.length];
    for (int i = 0; i < strengths.length; i++) {
      strengths[i] = sign * multiples[i % LEVELS];
    }
    return strengths;
  }

  /** By encoder; condition after condition, level after level in it. */
  private double[][] scores(PairTest test, int[] shown) {
    double[][] scores = new double[panel.count()][shown.length * LEVELS];
    double[][] images = new double[parallel.threads()][config.length()];
    parallel.run(
        shown.length,
        (i, worker) -> {
          double[] image = images[worker];
          PairTest.Condition condition = test.condition(shown[i]);
          condition.reference(image);
          double[][] reference = panel.encode(image);
          for (int level = 0; level < LEVELS; level++) {
            condition.target(multiples[level], image);
            for (int e = 0; e < panel.count(); e++) {
              scores[e][i * LEVELS + level] = panel.angle(e, image, reference[e]);
            }
          }
        });
    return scores;
  }
}
