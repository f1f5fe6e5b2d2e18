package dev.millrace.job.function;

import dev.millrace.model.data.StreamEvent;
import dev.millrace.model.learner.LearnerFactory;
import dev.millrace.model.learner.OnlineLearner;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/** One lane at work: its learner and the counts of the events that reached it. */
final class Lane<E extends StreamEvent> implements AutoCloseable {

  /** State written by this version; raise it when a field is added and keep reading the old one. */
  private static final int VERSION = 1;

  final OnlineLearner<E> learner;
  final SideOutputs outputs;
  final LaneCounts counts;

  private Lane(OnlineLearner<E> learner, SideOutputs outputs, LaneCounts counts) {
    this.learner = learner;
    this.outputs = outputs;
    this.counts = counts;
  }

  static <E extends StreamEvent> Lane<E> fresh(LearnerFactory<E> factory, SideOutputs outputs) {
    return new Lane<>(factory.create(), outputs, new LaneCounts());
  }

  static <E extends StreamEvent> Lane<E> restore(
      LearnerFactory<E> factory, SideOutputs outputs, Iterable<byte[]> chunks) throws IOException {
    DataInputStream in = ChunkedBytes.reader(chunks);
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "lane state of version "
              + version
              + " cannot be read by this build, which knows version "
              + VERSION
              + ": restore it with the build that wrote it");
    }
    LaneCounts counts = LaneCounts.readFrom(in);
    return new Lane<>(factory.restore(in), outputs, counts);
  }

  List<byte[]> chunks() throws IOException {
    ChunkedBytes bytes = new ChunkedBytes();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(VERSION);
    counts.writeTo(out);
    learner.writeTo(out);
    out.flush();
    return bytes.chunks();
  }

  @Override
  public void close() {
    learner.close();
  }
}
