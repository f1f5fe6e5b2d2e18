package dev.millrace.job.topology;

import dev.millrace.job.config.ConfigFile;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.JobOptions;
import dev.millrace.job.config.LearnedStream;
import dev.millrace.job.function.ModelDirectory;
import dev.millrace.model.learner.ImageEmbedder;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the models that a job has left in its {@link ModelDirectory}. */
public final class ModelFile {

  private ModelFile() {}

  /**
   * The file that a job left in its directory on this machine: that of its only lane, or of the
   * model that several lanes learned together.
   */
  public static Path of(JobConfig config) {
    String directory = config.options().get(JobOptions.MODEL_DIRECTORY);
    return Path.of(URI.create(JobOptions.uri(directory)))
        .resolve(config.lanes() == 1 ? ModelDirectory.file(0) : ModelDirectory.SHARED);
  }

  /**
   * The options that a model's file was written with, from beside it.
   *
   * @throws IllegalArgumentException if the file or its options are not there, or are those of
   *     another stream
   */
  public static JobConfig configOf(Path model, LearnedStream stream) throws IOException {
    if (!Files.isReadable(model)) {
      throw new IllegalArgumentException("no model can be read at " + model);
    }
    Path options = model.toAbsolutePath().resolveSibling(ModelDirectory.OPTIONS);
    JobConfig config = JobConfig.of(ConfigFile.read(options));
    if (!config.streams().contains(stream)) {
      throw new IllegalArgumentException(
          model + " is a model of " + config.streams() + ", a model of " + stream + " is expected");
    }
    return config;
  }

  /** The model of images in a file, of one lane or of several. */
  public static ImageEmbedder images(Path model, JobConfig config) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(model), 1 << 16))) {
      return config.lanes() == 1
          ? config.imageLearnerFactory().restore(in)
          : config.imageReplicaFactory().restore(in);
    }
  }
}
