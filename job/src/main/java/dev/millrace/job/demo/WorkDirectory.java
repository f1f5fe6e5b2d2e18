package dev.millrace.job.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.util.FileUtils;

/** A temporary directory that goes when it is closed. */
public final class WorkDirectory implements AutoCloseable {

  private final Path root;

  private WorkDirectory(Path root) {
    this.root = root;
  }

  public static WorkDirectory create() throws IOException {
    return new WorkDirectory(Files.createTempDirectory("millrace-"));
  }

  /** A path in it; nothing is made. */
  public Path path(String name) {
    return root.resolve(name);
  }

  @Override
  public void close() throws IOException {
    FileUtils.deleteDirectory(root.toFile());
  }
}
