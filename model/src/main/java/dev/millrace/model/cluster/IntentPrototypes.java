package dev.millrace.model.cluster;

import dev.millrace.model.kernel.ArrayIO;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Intents: means of the directions of states, kept online.
 *
 * <pre>
 *   c(h) = argmax_k &lt;h, p_k&gt;;  q_c += (h / |h| - q_c) / min(n_c, W);  p_k = q_k / |q_k|
 * </pre>
 *
 * <p>The first states become the first prototypes. A prototype that has had no state for {@value
 * #IDLE} batches starts anew at the state that fits its own prototype worst.
 *
 * <p>Chen et al., Intent contrastive learning for sequential recommendation (ICLRec), WWW 2022,
 * section 4.2, which runs k-means over all sequences once an epoch; a stream has none, so the means
 * run along (spherical k-means by MacQueen's rule with a window).
 */
public final class IntentPrototypes implements CanonicalState {

  private static final int VERSION_1 = 1;
  private static final int WINDOW = 1_000;
  private static final int IDLE = 200;

  private final Kernels kernels;
  private final int width;
  private final Matrix unit;
  private final float[][] means;
  private final int[] counts;
  private final long[] lastUsed;
  private final RowBuffer unitStates;
  private final RowBuffer norms;
  private final RowBuffer similarities;
  private int used;
  private long batches;
  private int[] assigned = new int[0];

  public IntentPrototypes(Kernels kernels, int prototypes, int width) {
    this.kernels = kernels;
    this.width = width;
    this.unit = kernels.allocate(prototypes, width);
    this.means = new float[prototypes][width];
    this.counts = new int[prototypes];
    this.lastUsed = new long[prototypes];
    this.unitStates = new RowBuffer(kernels, width);
    this.norms = new RowBuffer(kernels, 1);
    this.similarities = new RowBuffer(kernels, prototypes);
  }

  /** Prototypes that stand for something. */
  public int used() {
    return used;
  }

  /**
   * The prototype of each state, before the states are learned; the first ones become prototypes.
   *
   * @return one entry a row, overwritten by the next call
   */
  public int[] assign(Matrix states) {
    int rows = states.rows();
    if (assigned.length != rows) {
      assigned = new int[rows];
    }
    float[] directions = directions(states);
    if (used < means.length) {
      for (int i = 0; i < rows && used < means.length; i++) {
        System.arraycopy(directions, i * width, means[used], 0, width);
        counts[used] = 1;
        lastUsed[used] = batches;
        used++;
      }
      writeUnit();
    }
    Matrix all = similarities.rows(rows);
    kernels.multiplyByTransposed(unitStates.rows(rows), unit, 1, 0, all);
    // Rows of prototypes not used yet are zero and must not win over negative similarities.
    kernels.argMaxRows(used == means.length ? all : onlyUsed(all), assigned);
    return assigned;
  }

  private Matrix onlyUsed(Matrix all) {
    double[] penalty = new double[means.length];
    Arrays.fill(penalty, used, means.length, Double.NEGATIVE_INFINITY);
    Matrix row = kernels.allocate(1, means.length);
    kernels.write(penalty, row);
    kernels.addRowInPlace(all, row);
    return all;
  }

  /** Unit prototypes of the given numbers. */
  public void gather(int[] numbers, Matrix out) {
    kernels.gatherRows(unit, numbers, numbers.length, out);
  }

  /** Learns the states under the numbers that {@link #assign} gave them. */
  public void learn(Matrix states, int[] numbers) {
    batches++;
    float[] directions = directions(states);
    int worst = 0;
    double lowest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < numbers.length; i++) {
      float[] mean = means[numbers[i]];
      counts[numbers[i]]++;
      lastUsed[numbers[i]] = batches;
      float share = 1f / Math.min(counts[numbers[i]], WINDOW);
      double fit = 0;
      for (int d = 0; d < width; d++) {
        float direction = directions[i * width + d];
        fit += direction * mean[d];
        mean[d] += share * (direction - mean[d]);
      }
      if (fit < lowest) {
        lowest = fit;
        worst = i;
      }
    }
    reviveOne(directions, worst);
    writeUnit();
  }

  private void reviveOne(float[] directions, int state) {
    for (int k = 0; k < used; k++) {
      if (batches - lastUsed[k] > IDLE) {
        System.arraycopy(directions, state * width, means[k], 0, width);
        counts[k] = 1;
        lastUsed[k] = batches;
        return;
      }
    }
  }

  private float[] directions(Matrix states) {
    int rows = states.rows();
    Matrix directions = unitStates.rows(rows);
    kernels.normalizeRows(states, directions, norms.rows(rows));
    float[] values = new float[rows * width];
    directions.copyTo(values, 0);
    return values;
  }

  private void writeUnit() {
    float[] flat = new float[means.length * width];
    for (int k = 0; k < used; k++) {
      double squares = 0;
      for (float value : means[k]) {
        squares += (double) value * value;
      }
      double scale = 1 / Math.max(Math.sqrt(squares), 1e-12);
      for (int d = 0; d < width; d++) {
        flat[k * width + d] = (float) (scale * means[k][d]);
      }
    }
    unit.copyFrom(flat, 0);
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeInt(used);
    out.writeLong(batches);
    for (int k = 0; k < used; k++) {
      ArrayIO.write(out, means[k], 0, width);
      out.writeInt(counts[k]);
      out.writeLong(lastUsed[k]);
    }
  }

  /**
   * Reads what {@link #writeTo} wrote; the result continues bit for bit.
   *
   * @param prototypes as at construction
   * @param width as at construction
   */
  public static IntentPrototypes readFrom(DataInput in, Kernels kernels, int prototypes, int width)
      throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("intent prototypes of version " + version + "; this build reads 1");
    }
    IntentPrototypes read = new IntentPrototypes(kernels, prototypes, width);
    read.used = in.readInt();
    read.batches = in.readLong();
    for (int k = 0; k < read.used; k++) {
      ArrayIO.read(in, read.means[k], 0, width);
      read.counts[k] = in.readInt();
      read.lastUsed[k] = in.readLong();
    }
    read.writeUnit();
    return read;
  }
}
