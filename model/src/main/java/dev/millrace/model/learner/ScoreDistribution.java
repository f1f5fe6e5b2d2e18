package dev.millrace.model.learner;

import dev.millrace.model.kernel.ArrayIO;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Histograms of cosine similarity between users and items: of the items that came next, and of as
 * many random ones. {@value #BINS} equal bins over [-1, 1].
 */
final class ScoreDistribution {

  static final int BINS = 50;

  private final double[] positives = new double[BINS];
  private final double[] negatives = new double[BINS];

  void addPositive(double cosine) {
    positives[bin(cosine)]++;
  }

  void addNegative(double cosine) {
    negatives[bin(cosine)]++;
  }

  /** Adds what another one has counted. */
  void add(ScoreDistribution other) {
    for (int bin = 0; bin < BINS; bin++) {
      positives[bin] += other.positives[bin];
      negatives[bin] += other.negatives[bin];
    }
  }

  private static int bin(double cosine) {
    return Math.max(0, Math.min(BINS - 1, (int) ((cosine + 1) / 2 * BINS)));
  }

  double[] positives() {
    return positives.clone();
  }

  double[] negatives() {
    return negatives.clone();
  }

  void writeTo(DataOutput out) throws IOException {
    ArrayIO.write(out, positives, 0, BINS);
    ArrayIO.write(out, negatives, 0, BINS);
  }

  void readFrom(DataInput in) throws IOException {
    ArrayIO.read(in, positives, 0, BINS);
    ArrayIO.read(in, negatives, 0, BINS);
  }
}
