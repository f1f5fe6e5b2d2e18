package dev.millrace.model.learner;

import dev.millrace.model.kernel.ArrayIO;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Arrays of integers with their length. */
final class Ints {

  private Ints() {}

  static void write(DataOutput out, int[] values) throws IOException {
    out.writeInt(values.length);
    ArrayIO.write(out, values, 0, values.length);
  }

  static int[] read(DataInput in) throws IOException {
    int[] values = new int[in.readInt()];
    ArrayIO.read(in, values, 0, values.length);
    return values;
  }
}
