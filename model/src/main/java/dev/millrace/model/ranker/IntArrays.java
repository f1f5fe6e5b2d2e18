package dev.millrace.model.ranker;

import dev.millrace.model.kernel.ArrayIO;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Arrays behind their length, -1 for none. */
final class IntArrays {

  private IntArrays() {}

  static void write(DataOutput out, int[] values) throws IOException {
    out.writeInt(values == null ? -1 : values.length);
    if (values != null) {
      ArrayIO.write(out, values, 0, values.length);
    }
  }

  static int[] read(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    int[] values = new int[length];
    ArrayIO.read(in, values, 0, length);
    return values;
  }

  static void write(DataOutput out, float[] values) throws IOException {
    out.writeInt(values.length);
    ArrayIO.write(out, values, 0, values.length);
  }

  static float[] readFloats(DataInput in) throws IOException {
    float[] values = new float[in.readInt()];
    ArrayIO.read(in, values, 0, values.length);
    return values;
  }
}
