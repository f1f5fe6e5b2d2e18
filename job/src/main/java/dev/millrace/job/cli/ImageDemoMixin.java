package dev.millrace.job.cli;

import dev.millrace.connectors.replay.ImageOrder;
import dev.millrace.connectors.replay.Pace;
import dev.millrace.job.demo.ImageDemo;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** A demo of images instead of interactions. */
final class ImageDemoMixin {

  @Option(
      names = "--images",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "DIR|TAR",
      description = {
        "Learns from images instead: a folder or a tar file (plain, gzip, xz) of JPEG and PNG"
            + " files, whose folders are their classes. In a set with train/CLASS/ and test/CLASS/"
            + " the train images are streamed and the test images are classified at the end.",
        "Without DIR: a small set that is drawn."
      })
  private String set;

  @Option(
      names = "--passes",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Sends the images N times, each time in another order, with event times that go on."
              + " Default: ${DEFAULT-VALUE}")
  private int passes;

  @Option(
      names = "--order",
      paramLabel = "ORDER",
      defaultValue = "shuffled",
      description =
          "shuffled, sorted or drifting (class after class, overlapping). Default:"
              + " ${DEFAULT-VALUE}")
  private ImageOrder order;

  /** Whether images were asked for. */
  boolean given() {
    return set != null;
  }

  /**
   * The demo.
   *
   * @param seed of the order; null for 1
   * @param images of each pass; null for all
   */
  ImageDemo demo(Long seed, Long images, Pace pace) {
    Path path = set.isEmpty() ? null : Path.of(set);
    if (path != null && !Files.isReadable(path)) {
      throw new IllegalArgumentException("no folder or tar file of images can be read at " + path);
    }
    return new ImageDemo(
        path,
        order,
        seed == null ? 1 : seed,
        passes,
        images == null ? Long.MAX_VALUE : images,
        pace);
  }
}
