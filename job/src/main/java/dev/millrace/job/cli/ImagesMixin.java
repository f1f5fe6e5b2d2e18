package dev.millrace.job.cli;

import dev.millrace.connectors.replay.ImageOrder;
import dev.millrace.connectors.replay.ReplaySource;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Which images are replayed, and in which order. */
final class ImagesMixin {

  @Option(
      names = "--images",
      paramLabel = "DIR|TAR",
      description =
          "Folder or tar file (plain, .gz, .xz) of JPEG and PNG files. A file's path is its id, the"
              + " folder that it lies in its label.")
  private Path path;

  @Option(
      names = "--prefix",
      paramLabel = "PATH",
      defaultValue = "",
      description = "Takes only images whose paths start so, such as train/. Default: all")
  private String prefix;

  @Option(
      names = "--order",
      paramLabel = "ORDER",
      defaultValue = "shuffled",
      description =
          "shuffled; sorted: by path; drifting: class after class, overlapping."
              + " Default: ${DEFAULT-VALUE}")
  private String order;

  @Option(
      names = "--order-seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the order; the same gives the same. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      defaultValue = "2026-01-01T00:00:00Z",
      description = "Event time of the first image. Default: ${DEFAULT-VALUE}")
  private String start;

  @Option(
      names = "--spacing",
      paramLabel = "MILLISECONDS",
      defaultValue = "100",
      description = "Event time from one image to the next. Default: ${DEFAULT-VALUE}")
  private long spacing;

  /** Whether images are what is replayed. */
  boolean given() {
    return path != null;
  }

  ReplaySource.Images source() {
    return new ReplaySource.Images(
        path, prefix, order(), seed, startMillis(), Duration.ofMillis(spacing));
  }

  private ImageOrder order() {
    List<String> names =
        Arrays.stream(ImageOrder.values()).map(o -> o.name().toLowerCase(Locale.ROOT)).toList();
    int index = names.indexOf(order.toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw new IllegalArgumentException(
          "--order is '" + order + "'; it is one of " + String.join(", ", names));
    }
    return ImageOrder.values()[index];
  }

  private long startMillis() {
    try {
      return Instant.parse(start).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "--start is '" + start + "'; a time such as 2026-01-01T00:00:00Z is expected", e);
    }
  }
}
