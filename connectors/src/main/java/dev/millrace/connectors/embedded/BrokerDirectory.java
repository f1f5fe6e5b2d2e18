package dev.millrace.connectors.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The directory that a broker owns, and that goes away with it. */
final class BrokerDirectory {

  private static final String PREFIX = "millrace-broker-";

  private BrokerDirectory() {}

  static Path create(Optional<Path> parent) {
    try {
      if (parent.isEmpty()) {
        return Files.createTempDirectory(PREFIX);
      }
      Files.createDirectories(parent.get());
      return Files.createTempDirectory(parent.get(), PREFIX);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot make a directory for the embedded broker"
              + parent.map(path -> " below " + path).orElse("")
              + "; name one that can be written",
          e);
    }
  }

  /** The directory that a broker made below another, and did not delete since it was killed. */
  static Path below(Path parent) {
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(path -> path.getFileName().toString().startsWith(PREFIX))
          .findAny()
          .orElseThrow(() -> new IllegalStateException("no broker has left data in " + parent));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for a broker's data in " + parent, e);
    }
  }

  /**
   * Deletes the directory with everything in it.
   *
   * @throws UncheckedIOException when something in it cannot be deleted
   */
  static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(directory)) {
      List<Path> childrenFirst = walk.sorted(Comparator.reverseOrder()).toList();
      for (Path path : childrenFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }
}
