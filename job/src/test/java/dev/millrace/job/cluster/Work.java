package dev.millrace.job.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.util.FileUtils;

/** Directories of tests below target/, which stay so that their logs can be read. */
final class Work {

  private Work() {}

  /** The directory, empty. */
  static Path fresh(Path directory) throws IOException {
    FileUtils.deleteDirectory(directory.toFile());
    return Files.createDirectories(directory);
  }
}
