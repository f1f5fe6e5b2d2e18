package dev.millrace.model.learner;

import dev.millrace.model.kernel.ArrayIO;
import dev.millrace.model.kernel.Matrix;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * All trainable weights of a model as a fixed number of blocks, to be read, written and merged.
 *
 * <p>Weights {@code w_l} that {@code n} lanes came to from one base {@code b} merge to
 *
 * <pre>
 *   b + n^(-power) * sum over lanes of (w_l - b)
 * </pre>
 *
 * added in the order of the lanes, in double precision. One lane's weights are taken bit for bit.
 * Power 1 is the mean, as in local SGD (Stich, Local SGD converges fast and communicates little,
 * ICLR 2019); power 0 adds the changes, which is right while they are small, as if the lanes had
 * learned one after the other; between them the sum of changes that agree in part is neither too
 * long nor too short.
 */
final class WeightBlocks {

  private final List<Supplier<Matrix>> blocks;

  /**
   * @param blocks where each block is now; a block may grow
   */
  WeightBlocks(List<Supplier<Matrix>> blocks) {
    this.blocks = List.copyOf(blocks);
  }

  /** A copy of all weights. */
  List<float[]> read() {
    List<float[]> values = new ArrayList<>(blocks.size());
    for (Supplier<Matrix> block : blocks) {
      Matrix matrix = block.get();
      float[] elements = new float[Math.toIntExact(matrix.size())];
      matrix.copyTo(elements, 0);
      values.add(elements);
    }
    return values;
  }

  /** Overwrites all weights with values of the same sizes. */
  void write(List<float[]> values) {
    for (int b = 0; b < blocks.size(); b++) {
      blocks.get(b).get().copyFrom(values.get(b), 0);
    }
  }

  /**
   * Merges what lanes came to into their common base.
   *
   * @throws IllegalArgumentException if sizes differ
   */
  static void mergeInPlace(List<float[]> base, List<List<float[]>> trained, double power) {
    double rate = StrictMath.pow(trained.size(), -power);
    for (int b = 0; b < base.size(); b++) {
      float[] block = base.get(b);
      for (List<float[]> lane : trained) {
        if (lane.size() != base.size() || lane.get(b).length != block.length) {
          throw new IllegalArgumentException(
              "a lane's weights are of another size than the model's: all lanes need one"
                  + " configuration");
        }
      }
      if (trained.size() == 1) {
        System.arraycopy(trained.get(0).get(b), 0, block, 0, block.length);
        continue;
      }
      for (int i = 0; i < block.length; i++) {
        double sum = 0;
        for (List<float[]> lane : trained) {
          sum += (double) lane.get(b)[i] - block[i];
        }
        block[i] = (float) (block[i] + rate * sum);
      }
    }
  }

  /** Writes blocks, or that there are none. */
  static void writeTo(DataOutput out, List<float[]> values) throws IOException {
    out.writeInt(values == null ? -1 : values.size());
    if (values != null) {
      for (float[] block : values) {
        out.writeInt(block.length);
        ArrayIO.write(out, block, 0, block.length);
      }
    }
  }

  /** What {@link #writeTo} wrote; null for none. */
  static List<float[]> readFrom(DataInput in) throws IOException {
    int count = in.readInt();
    if (count < 0) {
      return null;
    }
    List<float[]> values = new ArrayList<>(count);
    for (int b = 0; b < count; b++) {
      float[] block = new float[in.readInt()];
      ArrayIO.read(in, block, 0, block.length);
      values.add(block);
    }
    return values;
  }
}
