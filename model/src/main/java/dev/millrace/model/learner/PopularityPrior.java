package dev.millrace.model.learner;

import dev.millrace.model.kernel.ArrayIO;
import dev.millrace.model.kernel.CanonicalState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Exponentially decayed popularity as a log prior.
 *
 * <pre>
 *   c_i = sum over lines of item i of 2^(-age / halfLife),  age in lines
 *   log q_i = log( c_i / sum_j c_j + 1e-5 )
 * </pre>
 *
 * <p>Counts grow by a factor instead of shrinking, so that a line touches one item. Strict
 * arithmetic: the same bits on every machine.
 */
final class PopularityPrior implements CanonicalState {

  private static final int VERSION_1 = 1;
  private static final double FLOOR = 1e-5;
  private static final double RESCALE_AT = 1e12;

  private final double halfLife;
  private final double growth;
  private double[] counts = new double[256];
  private int items;
  private double unit = 1;
  private double total;
  private long lines;

  PopularityPrior(double halfLife) {
    this.halfLife = halfLife;
    this.growth = StrictMath.pow(2, 1 / halfLife);
  }

  /** One line of an item. */
  void add(int item) {
    if (item >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(item + 1, 2 * counts.length));
    }
    items = Math.max(items, item + 1);
    unit *= growth;
    counts[item] += unit;
    total += unit;
    lines++;
    if (unit > RESCALE_AT) {
      for (int i = 0; i < items; i++) {
        counts[i] /= unit;
      }
      total /= unit;
      unit = 1;
    }
  }

  /** Lines added so far. */
  long lines() {
    return lines;
  }

  double logShare(int item) {
    if (item >= items || total == 0) {
      return StrictMath.log(FLOOR);
    }
    return StrictMath.log(counts[item] / total + FLOOR);
  }

  /**
   * What the log prior of an item would be had one line of it, at the given line number, not come:
   * minus what it is.
   */
  double correctionWithout(int item, long line) {
    double own = unit * StrictMath.pow(0.5, (lines - line) / halfLife);
    double without = Math.max(0, counts[item] - own) / total;
    return StrictMath.log(without + FLOOR) - logShare(item);
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeDouble(halfLife);
    out.writeInt(items);
    ArrayIO.write(out, counts, 0, items);
    out.writeDouble(unit);
    out.writeDouble(total);
    out.writeLong(lines);
  }

  static PopularityPrior readFrom(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("a popularity prior of version " + version + "; this build reads 1");
    }
    PopularityPrior prior = new PopularityPrior(in.readDouble());
    prior.items = in.readInt();
    prior.counts = new double[Math.max(256, prior.items)];
    ArrayIO.read(in, prior.counts, 0, prior.items);
    prior.unit = in.readDouble();
    prior.total = in.readDouble();
    prior.lines = in.readLong();
    return prior;
  }
}
