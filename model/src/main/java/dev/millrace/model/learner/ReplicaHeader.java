package dev.millrace.model.learner;

import dev.millrace.model.kernel.Texts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What the shared state of a {@link LaneReplica} begins with.
 *
 * @param kind of replica, with its article
 * @param version of the state
 * @param configuration of learner and lanes, as text
 */
record ReplicaHeader(String kind, int version, String configuration) {

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(version);
    Texts.write(out, configuration);
  }

  /**
   * Reads a header, which must be this one.
   *
   * @throws IOException if the state is of another version or configuration; the message names both
   */
  void requireIn(DataInput in) throws IOException {
    int written = in.readInt();
    if (written != version) {
      throw new IOException(
          "%s of version %d; this build reads %d".formatted(kind, written, version));
    }
    String learned = Texts.read(in);
    if (!learned.equals(configuration)) {
      throw new IOException(
          "the lanes learned with "
              + learned
              + " and cannot continue with "
              + configuration
              + ": restore with the options of that run, or start without its state");
    }
  }
}
