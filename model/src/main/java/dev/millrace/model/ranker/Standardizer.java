package dev.millrace.model.ranker;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Brings features to mean 0 and variance 1 over the items, by a running mean and variance of each
 * that follow the first baskets and then stand still, so that the blend's weights keep their
 * meaning.
 */
final class Standardizer {

  private static final int WINDOW = 200;
  private static final int FROZEN_AFTER = 2_000;
  private static final double SMALLEST_VARIANCE = 1e-6;

  private final double[] mean;
  private final double[] variance;
  private int seen;

  Standardizer(int features) {
    mean = new double[features];
    variance = new double[features];
  }

  /** Whether it stands still, so that no further basket counts. */
  boolean isFrozen() {
    return seen >= FROZEN_AFTER;
  }

  /** What a basket's features tell: the mean of each over the items, then the variance of each. */
  double[] moments(float[][] features, int items) {
    int count = mean.length;
    double[] moments = new double[2 * count];
    for (int f = 0; f < count; f++) {
      double sum = 0;
      for (int i = 0; i < items; i++) {
        sum += features[f][i];
      }
      double average = sum / items;
      double squares = 0;
      for (int i = 0; i < items; i++) {
        double difference = features[f][i] - average;
        squares += difference * difference;
      }
      moments[f] = average;
      moments[count + f] = squares / items;
    }
    return moments;
  }

  /** Takes in what {@link #moments} told. */
  void observe(double[] moments) {
    if (isFrozen()) {
      return;
    }
    seen++;
    double rate = 1.0 / Math.min(seen, WINDOW);
    for (int f = 0; f < mean.length; f++) {
      mean[f] += rate * (moments[f] - mean[f]);
      variance[f] += rate * (moments[mean.length + f] - variance[f]);
    }
  }

  void applyInPlace(float[][] features, int items) {
    for (int f = 0; f < mean.length; f++) {
      float shift = (float) mean[f];
      float scale = (float) (1 / Math.sqrt(Math.max(variance[f], SMALLEST_VARIANCE)));
      float[] row = features[f];
      for (int i = 0; i < items; i++) {
        row[i] = (row[i] - shift) * scale;
      }
    }
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(seen);
    for (int f = 0; f < mean.length; f++) {
      out.writeDouble(mean[f]);
      out.writeDouble(variance[f]);
    }
  }

  void readInPlace(DataInput in) throws IOException {
    seen = in.readInt();
    for (int f = 0; f < mean.length; f++) {
      mean[f] = in.readDouble();
      variance[f] = in.readDouble();
    }
  }
}
