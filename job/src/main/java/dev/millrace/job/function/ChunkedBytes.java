package dev.millrace.job.function;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects bytes into arrays of a bounded size, so that no state backend meets one huge value. */
final class ChunkedBytes extends OutputStream {

  private static final int CHUNK_BYTES = 1 << 20;

  private final List<byte[]> full = new ArrayList<>();
  private final ByteArrayOutputStream open = new ByteArrayOutputStream(CHUNK_BYTES);

  @Override
  public void write(int value) {
    open.write(value);
    cut();
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    int at = from;
    int left = length;
    while (left > 0) {
      int take = Math.min(left, CHUNK_BYTES - open.size());
      open.write(bytes, at, take);
      at += take;
      left -= take;
      cut();
    }
  }

  private void cut() {
    if (open.size() == CHUNK_BYTES) {
      full.add(open.toByteArray());
      open.reset();
    }
  }

  /** All that was written, in order. */
  List<byte[]> chunks() {
    if (open.size() > 0) {
      full.add(open.toByteArray());
      open.reset();
    }
    return full;
  }

  /** Reads chunks as the bytes that they were cut from. */
  static DataInputStream reader(Iterable<byte[]> chunks) {
    List<InputStream> parts = new ArrayList<>();
    chunks.forEach(chunk -> parts.add(new ByteArrayInputStream(chunk)));
    return new DataInputStream(new SequenceInputStream(Collections.enumeration(parts)));
  }
}
