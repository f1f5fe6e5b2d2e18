package dev.millrace.job.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The data of the demo: UCI Online Retail II, 2009-12 to 2010-12, raw as it is. */
final class BundledData {

  static final String NAME = "retail-2009-2010.csv.gz";

  private BundledData() {}

  /** Copies it into a directory; the file. */
  static Path copyTo(Path directory) {
    Path file = directory.resolve(NAME);
    try (InputStream in = BundledData.class.getResourceAsStream("/data/" + NAME)) {
      if (in == null) {
        throw new IllegalStateException(
            "the bundled data is not on the class path; give a file with --data");
      }
      Files.createDirectories(directory);
      Files.copy(in, file);
    } catch (IOException e) {
      throw new UncheckedIOException("the bundled data cannot be copied to " + file, e);
    }
    return file;
  }
}
