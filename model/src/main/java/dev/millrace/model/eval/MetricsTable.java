package dev.millrace.model.eval;

import dev.millrace.model.kernel.Texts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ranking metrics by scorer and mode. */
public final class MetricsTable {
  private final List<String> scorers;
  // Two for each scorer: all, then new.
  private final RankingMetrics[] metrics;

  /**
   * @param scorers names, none twice
   */
  public MetricsTable(List<String> scorers) {
    this.scorers = List.copyOf(scorers);
    if (this.scorers.stream().distinct().count() != this.scorers.size()) {
      throw new IllegalArgumentException("a scorer's name is used twice: " + scorers);
    }
    metrics = new RankingMetrics[2 * this.scorers.size()];
    Arrays.setAll(metrics, index -> new RankingMetrics());
  }

  /** The names, in order. */
  public List<String> scorers() {
    return scorers;
  }

  /**
   * The metrics of a scorer.
   *
   * @throws IllegalArgumentException when there is no such scorer; the message names those there
   *     are
   */
  public RankingMetrics get(String scorer, RankingMode mode) {
    int index = scorers.indexOf(scorer);
    if (index < 0) {
      throw new IllegalArgumentException("no scorer " + scorer + "; there are " + scorers);
    }
    return get(index, mode);
  }

  /** Adds what another table of the same scorers has counted. */
  public void mergeInPlace(MetricsTable other) {
    if (!scorers.equals(other.scorers)) {
      throw new IllegalArgumentException(
          "tables of different scorers cannot be merged: " + scorers + " and " + other.scorers);
    }
    for (int i = 0; i < metrics.length; i++) {
      metrics[i].mergeInPlace(other.metrics[i]);
    }
  }

  /** Writes names and exact state. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(scorers.size());
    for (String scorer : scorers) {
      Texts.write(out, scorer);
    }
    for (RankingMetrics one : metrics) {
      one.write(out);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static MetricsTable read(DataInput in) throws IOException {
    int count = in.readInt();
    List<String> scorers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      scorers.add(Texts.read(in));
    }
    MetricsTable table = new MetricsTable(scorers);
    for (int i = 0; i < table.metrics.length; i++) {
      table.metrics[i] = RankingMetrics.read(in);
    }
    return table;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MetricsTable that
        && scorers.equals(that.scorers)
        && Arrays.equals(metrics, that.metrics);
  }

  @Override
  public int hashCode() {
    return 31 * scorers.hashCode() + Arrays.hashCode(metrics);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (RankingMode mode : RankingMode.values()) {
      for (String scorer : scorers) {
        text.append("%-4s %-18s %s%n".formatted(mode.id(), scorer, get(scorer, mode)));
      }
    }
    return text.toString();
  }

  RankingMetrics get(int scorer, RankingMode mode) {
    return metrics[2 * scorer + (mode == RankingMode.ALL ? 0 : 1)];
  }
}
