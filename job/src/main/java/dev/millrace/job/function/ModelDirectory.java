package dev.millrace.job.function;

import dev.millrace.model.learner.LaneReplica;
import dev.millrace.model.learner.OnlineLearner;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Where the models of a stream are left when it ends: {@code lane-0.model}, {@code lane-1.model}
 * and so on, each the canonical bytes of a lane's learner, or {@value #SHARED}, those of the model
 * that several lanes learned together, and {@value #OPTIONS}, the options that restore them.
 *
 * @param uri the directory, on any file system that Flink knows
 * @param options the job's options, as YAML
 */
public record ModelDirectory(String uri, String options) implements Serializable {

  /** The file of options beside the models. */
  public static final String OPTIONS = "model.yaml";

  /** The file of the model of several lanes. */
  public static final String SHARED = "shared.model";

  private static final int BUFFER_BYTES = 1 << 16;

  /** Name of a lane's file. */
  public static String file(int lane) {
    return "lane-" + lane + ".model";
  }

  /** Writes the options, for all lanes. */
  void writeOptions() throws IOException {
    replace(OPTIONS, out -> out.write(options.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes a lane's learner. */
  void write(int lane, OnlineLearner<?> learner) throws IOException {
    replace(file(lane), learner::writeTo);
  }

  /** Writes what all lanes share that learn one model. */
  void writeShared(LaneReplica<?> replica) throws IOException {
    replace(SHARED, replica::writeSharedTo);
  }

  private interface Content {
    void writeTo(DataOutputStream out) throws IOException;
  }

  /** A file appears whole or not at all, so that no reader meets half a model. */
  private void replace(String name, Content content) throws IOException {
    Path directory = new Path(uri);
    Path part = new Path(directory, name + ".part");
    Path file = new Path(directory, name);
    FileSystem files = directory.getFileSystem();
    files.mkdirs(directory);
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(
                files.create(part, FileSystem.WriteMode.OVERWRITE), BUFFER_BYTES))) {
      content.writeTo(out);
    }
    files.delete(file, false);
    if (!files.rename(part, file)) {
      throw new IOException("the model cannot be moved from " + part + " to " + file);
    }
  }
}
