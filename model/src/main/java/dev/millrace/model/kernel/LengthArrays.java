package dev.millrace.model.kernel;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Arrays behind their length, -1 for none. */
public final class LengthArrays {

  private LengthArrays() {}

  public static void write(DataOutput out, int[] values) throws IOException {
    out.writeInt(values == null ? -1 : values.length);
    if (values != null) {
      ArrayIO.write(out, values, 0, values.length);
    }
  }

  public static void write(DataOutput out, float[] values) throws IOException {
    out.writeInt(values.length);
    ArrayIO.write(out, values, 0, values.length);
  }

  /** Reads integers, null if there were none. */
  public static int[] readInts(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    int[] values = new int[length];
    ArrayIO.read(in, values, 0, length);
    return values;
  }

  public static float[] readFloats(DataInput in) throws IOException {
    float[] values = new float[in.readInt()];
    ArrayIO.read(in, values, 0, values.length);
    return values;
  }
}
