package dev.millrace.model.vision;

import java.util.List;

/**
 * Figures of encoders.
 *
 * @param config how the stimuli were shown
 * @param rows one for each encoder, raw pixels first
 */
public record VisionReport(VisionConfig config, List<Row> rows) {

  /**
   * All tests of one encoder.
   *
   * @param figures in the order of {@link VisionTest}
   */
  public record Row(String encoder, List<Figure> figures) {

    public Row {
      figures = List.copyOf(figures);
    }

    public Figure figure(VisionTest test) {
      return figures.get(test.ordinal());
    }
  }

  /**
   * The outcome of a test.
   *
   * @param value rank correlation in [-1, 1], or the root mean square error of log10 contrasts; NaN
   *     if nothing could be shown, if all scores are equal (a collapsed encoder) or one is NaN
   * @param observations scores that were ranked, or contrasts that were matched
   * @param distinct different ones among them: few mean that the encoder is saturated or blind
   * @param omitted conditions whose frequency the pixels cannot show
   */
  public record Figure(
      VisionTest test, double value, int observations, int distinct, int omitted) {}

  /** Name of the row of raw pixels. */
  public static final String BASELINE = "raw pixels";

  public VisionReport {
    rows = List.copyOf(rows);
  }

  /** Raw pixels: what an encoder must be compared with, since chance is not 0. */
  public Row baseline() {
    return row(BASELINE);
  }

  public Row row(String encoder) {
    return rows.stream()
        .filter(row -> row.encoder().equals(encoder))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no encoder "
                        + encoder
                        + ", there are "
                        + rows.stream().map(Row::encoder).toList()));
  }
}
