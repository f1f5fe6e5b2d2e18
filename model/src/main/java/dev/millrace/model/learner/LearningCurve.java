package dev.millrace.model.learner;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Mean training loss of the mini-batches since the last report. */
final class LearningCurve {

  private double sum;
  private long count;

  void add(double loss) {
    sum += loss;
    count++;
  }

  /** The mean, and begins anew; NaN if nothing came. */
  double drain() {
    double mean = count == 0 ? Double.NaN : sum / count;
    sum = 0;
    count = 0;
    return mean;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeDouble(sum);
    out.writeLong(count);
  }

  static LearningCurve readFrom(DataInput in) throws IOException {
    LearningCurve curve = new LearningCurve();
    curve.sum = in.readDouble();
    curve.count = in.readLong();
    return curve;
  }
}
