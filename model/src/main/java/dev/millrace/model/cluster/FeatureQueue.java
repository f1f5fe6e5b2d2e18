package dev.millrace.model.cluster;

import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.MatrixCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Embeddings of earlier steps that take part in balancing an assignment, one ring for each crop
 * that is assigned.
 *
 * <p>What is kept are embeddings, not scores: they are scored on today's prototypes. Every batch
 * enters after its loss, whether the queue is in use or not. It is in use once it is full and the
 * running loss lies below {@code 0.9 ln K}; before that old embeddings are noise that raises the
 * loss. The order of its rows means nothing to the balance.
 *
 * <p>Caron et al., NeurIPS 2020, section 4.1 and appendix A; there it starts at epoch 15, which a
 * stream does not have.
 */
public final class FeatureQueue implements CanonicalState {

  private static final int VERSION_1 = 1;

  /** Share of ln K below which the loss shows that the assignment means something. */
  private static final double USEFUL_LOSS = 0.9;

  // configuration
  private final Kernels kernels;
  private final int crops;
  private final int length;

  // state
  private final Matrix rows;
  private int position;
  private int filled;

  /**
   * @param crops crops that are assigned, at least 1
   * @param length rows kept for each, at least 1
   */
  public FeatureQueue(Kernels kernels, int crops, int length, int width) {
    if (crops < 1 || length < 1) {
      throw new IllegalArgumentException(
          "a queue of at least 1 row for at least 1 crop, was " + length + " for " + crops);
    }
    this.kernels = kernels;
    this.crops = crops;
    this.length = length;
    this.rows = kernels.allocate(crops * length, width);
  }

  /**
   * Whether it shall take part in the balance.
   *
   * @param runningLoss average loss of the swapped prediction, NaN before the first step
   * @param prototypes number K of prototypes
   */
  public boolean isInUse(double runningLoss, int prototypes) {
    return filled == length && runningLoss < USEFUL_LOSS * Math.log(prototypes);
  }

  /** {@code (crops length) x width}, crop after crop; the memory itself. */
  public Matrix rows() {
    return rows;
  }

  /**
   * Takes the place of the oldest rows.
   *
   * @param embeddings unit rows, {@code B} of each crop, crop after crop; further crops behind them
   *     are not read
   * @param batch number B of rows of a crop
   */
  public void addInPlace(Matrix embeddings, int batch) {
    int skipped = Math.max(0, batch - length);
    for (int done = skipped; done < batch; ) {
      int count = Math.min(batch - done, length - position);
      for (int crop = 0; crop < crops; crop++) {
        int from = crop * batch + done;
        int to = crop * length + position;
        kernels.copy(embeddings.rows(from, from + count), rows.rows(to, to + count));
      }
      position = (position + count) % length;
      filled = Math.min(length, filled + count);
      done += count;
    }
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeInt(position);
    out.writeInt(filled);
    MatrixCodec.write(rows, out);
  }

  /** Takes over what {@link #writeTo} wrote. */
  public void readInPlace(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("a feature queue of version " + version + "; this build reads 1");
    }
    position = in.readInt();
    filled = in.readInt();
    MatrixCodec.readInPlace(rows, in);
  }
}
