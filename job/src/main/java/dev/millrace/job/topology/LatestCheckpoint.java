package dev.millrace.job.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Finds the newest completed checkpoint of any job under a directory. */
public final class LatestCheckpoint {

  private LatestCheckpoint() {}

  /**
   * The directory {@code JOB/chk-N} whose metadata is the newest.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Path under(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException("there is no directory of checkpoints at " + directory);
    }
    try (Stream<Path> files = Files.find(directory, 3, (path, is) -> isMetadata(path))) {
      return files
          .max(Comparator.comparingLong(LatestCheckpoint::modified))
          .map(Path::getParent)
          .orElseThrow(
              () ->
                  new IllegalArgumentException("no completed checkpoint lies under " + directory));
    }
  }

  private static boolean isMetadata(Path path) {
    return path.endsWith("_metadata")
        && path.getParent().getFileName().toString().startsWith("chk-");
  }

  private static long modified(Path path) {
    return path.toFile().lastModified();
  }
}
