package dev.millrace.job.function;

import dev.millrace.model.data.StreamEvent;
import dev.millrace.model.learner.LearnerFactory;
import dev.millrace.model.learner.OnlineLearner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One lane at work: its learner and the counts of the events that reached it. */
final class Lane<E extends StreamEvent> implements AutoCloseable {

  /** State written by this version; raise it when a field is added and keep reading the old one. */
  private static final int VERSION = 1;

  /** Keyed state holds the bytes in pieces, so that no backend meets one huge value. */
  private static final int CHUNK_BYTES = 1 << 20;

  final OnlineLearner<E> learner;
  final SideOutputs outputs;
  long received;
  long late;
  long dropped;

  /** Newest event time that was learned. */
  long closedTime;

  private Lane(OnlineLearner<E> learner, SideOutputs outputs) {
    this.learner = learner;
    this.outputs = outputs;
  }

  static <E extends StreamEvent> Lane<E> fresh(LearnerFactory<E> factory, SideOutputs outputs) {
    return new Lane<>(factory.create(), outputs);
  }

  static <E extends StreamEvent> Lane<E> restore(
      LearnerFactory<E> factory, SideOutputs outputs, Iterable<byte[]> chunks) throws IOException {
    List<InputStream> parts = new ArrayList<>();
    chunks.forEach(chunk -> parts.add(new ByteArrayInputStream(chunk)));
    DataInputStream in =
        new DataInputStream(new SequenceInputStream(Collections.enumeration(parts)));
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "lane state of version "
              + version
              + " cannot be read by this build, which knows version "
              + VERSION
              + ": restore it with the build that wrote it");
    }
    long received = in.readLong();
    long late = in.readLong();
    long dropped = in.readLong();
    long closedTime = in.readLong();
    Lane<E> lane = new Lane<>(factory.restore(in), outputs);
    lane.closedTime = closedTime;
    lane.received = received;
    lane.late = late;
    lane.dropped = dropped;
    return lane;
  }

  List<byte[]> chunks() throws IOException {
    ChunkedBytes bytes = new ChunkedBytes();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(VERSION);
    out.writeLong(received);
    out.writeLong(late);
    out.writeLong(dropped);
    out.writeLong(closedTime);
    learner.writeTo(out);
    out.flush();
    return bytes.chunks();
  }

  @Override
  public void close() {
    learner.close();
  }

  /** Collects bytes into arrays of at most {@link #CHUNK_BYTES}. */
  private static final class ChunkedBytes extends java.io.OutputStream {
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

    List<byte[]> chunks() {
      if (open.size() > 0) {
        full.add(open.toByteArray());
      }
      return full;
    }
  }
}
