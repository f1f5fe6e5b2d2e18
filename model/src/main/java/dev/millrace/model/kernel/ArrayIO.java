package dev.millrace.model.kernel;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Primitive arrays as little-endian blocks, moved in bulk and bit for bit (the payload of a NaN
 * too). Lengths are not written: the caller writes what it needs to know.
 */
public final class ArrayIO {

  private static final int BLOCK_BYTES = 1 << 18;

  private ArrayIO() {}

  public static void write(DataOutput out, int[] values, int from, int count) throws IOException {
    ByteBuffer block = block((long) count * Integer.BYTES);
    int step = block.capacity() / Integer.BYTES;
    for (int done = 0; done < count; done += step) {
      int length = Math.min(step, count - done);
      block.asIntBuffer().put(values, from + done, length);
      out.write(block.array(), 0, length * Integer.BYTES);
    }
  }

  public static void write(DataOutput out, long[] values, int from, int count) throws IOException {
    ByteBuffer block = block((long) count * Long.BYTES);
    int step = block.capacity() / Long.BYTES;
    for (int done = 0; done < count; done += step) {
      int length = Math.min(step, count - done);
      block.asLongBuffer().put(values, from + done, length);
      out.write(block.array(), 0, length * Long.BYTES);
    }
  }

  public static void write(DataOutput out, float[] values, int from, int count) throws IOException {
    ByteBuffer block = block((long) count * Float.BYTES);
    int step = block.capacity() / Float.BYTES;
    for (int done = 0; done < count; done += step) {
      int length = Math.min(step, count - done);
      block.asFloatBuffer().put(values, from + done, length);
      out.write(block.array(), 0, length * Float.BYTES);
    }
  }

  public static void write(DataOutput out, double[] values, int from, int count)
      throws IOException {
    ByteBuffer block = block((long) count * Double.BYTES);
    int step = block.capacity() / Double.BYTES;
    for (int done = 0; done < count; done += step) {
      int length = Math.min(step, count - done);
      block.asDoubleBuffer().put(values, from + done, length);
      out.write(block.array(), 0, length * Double.BYTES);
    }
  }

  public static void read(DataInput in, int[] values, int from, int count) throws IOException {
    ByteBuffer block = block((long) count * Integer.BYTES);
    int step = block.capacity() / Integer.BYTES;
    for (int done = 0; done < count; done += step) {
      int length = Math.min(step, count - done);
      in.readFully(block.array(), 0, length * Integer.BYTES);
      block.asIntBuffer().get(values, from + done, length);
    }
  }

  public static void read(DataInput in, long[] values, int from, int count) throws IOException {
    ByteBuffer block = block((long) count * Long.BYTES);
    int step = block.capacity() / Long.BYTES;
    for (int done = 0; done < count; done += step) {
      int length = Math.min(step, count - done);
      in.readFully(block.array(), 0, length * Long.BYTES);
      block.asLongBuffer().get(values, from + done, length);
    }
  }

  public static void read(DataInput in, float[] values, int from, int count) throws IOException {
    ByteBuffer block = block((long) count * Float.BYTES);
    int step = block.capacity() / Float.BYTES;
    for (int done = 0; done < count; done += step) {
      int length = Math.min(step, count - done);
      in.readFully(block.array(), 0, length * Float.BYTES);
      block.asFloatBuffer().get(values, from + done, length);
    }
  }

  public static void read(DataInput in, double[] values, int from, int count) throws IOException {
    ByteBuffer block = block((long) count * Double.BYTES);
    int step = block.capacity() / Double.BYTES;
    for (int done = 0; done < count; done += step) {
      int length = Math.min(step, count - done);
      in.readFully(block.array(), 0, length * Double.BYTES);
      block.asDoubleBuffer().get(values, from + done, length);
    }
  }

  private static ByteBuffer block(long bytes) {
    return ByteBuffer.allocate((int) Math.min(bytes, BLOCK_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
