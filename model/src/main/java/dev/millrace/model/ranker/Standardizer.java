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

  /** Takes the features of a basket in. */
  void observe(float[][] features, int items) {
    if (seen >= FROZEN_AFTER || items == 0) {
      return;
    }
    seen++;
    double rate = 1.0 / Math.min(seen, WINDOW);
    for (int f = 0; f < mean.length; f++) {
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
      mean[f] += rate * (average - mean[f]);
      variance[f] += rate * (squares / items - variance[f]);
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
