package dev.millrace.model.learner;

import dev.millrace.model.kernel.LengthArrays;
import dev.millrace.model.kernel.Texts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A basket and what its user had before it. Items are dense indices, not rows, so that an example
 * outlives an eviction.
 *
 * @param index index of the user
 * @param history items before the basket, oldest first
 * @param ages for each, how many baskets ago: 1 for the last basket
 * @param items distinct items of the basket
 * @param category of its last line, the key of the memory bank
 * @param line lines learned when the basket was, its own included
 */
record BasketExample(int index, int[] history, int[] ages, int[] items, String category, long line)
    implements ContrastRow {

  @Override
  public int id() {
    return index;
  }

  @Override
  public String label() {
    return category;
  }

  @Override
  public int classIn(int bound) {
    return Labels.hashed(category, bound);
  }

  @Override
  public String bankKey() {
    return category;
  }

  @Override
  public String user() {
    return Integer.toString(index);
  }

  /** The newest item that its state has read. */
  @Override
  public String item() {
    return Integer.toString(history[history.length - 1]);
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(index);
    LengthArrays.write(out, history);
    LengthArrays.write(out, ages);
    LengthArrays.write(out, items);
    Texts.write(out, category);
    out.writeLong(line);
  }

  static BasketExample readFrom(DataInput in) throws IOException {
    return new BasketExample(
        in.readInt(),
        LengthArrays.readInts(in),
        LengthArrays.readInts(in),
        LengthArrays.readInts(in),
        Texts.read(in),
        in.readLong());
  }
}
