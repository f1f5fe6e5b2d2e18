package dev.millrace.job.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The two files of a report. */
final class ReportFiles {

  private ReportFiles() {}

  /** Writes {@code report.json} and {@code report.html} into a directory. */
  static void write(Path directory, Object report, String page) throws IOException {
    Files.createDirectories(directory);
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    mapper.writeValue(directory.resolve("report.json").toFile(), report);
    Files.writeString(directory.resolve("report.html"), page);
  }
}
