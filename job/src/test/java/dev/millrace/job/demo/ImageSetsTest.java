package dev.millrace.job.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.connectors.replay.ImageSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSetsTest {

  @TempDir private Path directory;

  @Test
  void onlyASetWithTrainAndTestIsSplit() {
    assertThat(ImageSplit.of(List.of("test/a/1.png", "train/a/1.png")))
        .isEqualTo(new ImageSplit("train/", "test/"));
    assertThat(ImageSplit.of(List.of("cifar/test/a/1.png", "cifar/train/a/1.png")))
        .isEqualTo(new ImageSplit("cifar/train/", "cifar/test/"));
    assertThat(ImageSplit.of(List.of("train/a/1.png", "a/2.png")))
        .isEqualTo(new ImageSplit("", null));
    assertThat(ImageSplit.of(List.of("terrain/a/1.png", "test/a/1.png")))
        .isEqualTo(new ImageSplit("", null));
  }

  @Test
  void drawnSetIsTheSameEveryTimeAndHasTenGroupsOfBothFormats() throws Exception {
    Path first = GeneratedImages.write(directory.resolve("first"), 100, 20);
    Path second = GeneratedImages.write(directory.resolve("second"), 100, 20);
    try (ImageSet images = ImageSet.open(first)) {
      List<String> train = images.paths().stream().filter(p -> p.startsWith("train/")).toList();
      assertThat(train).hasSize(100).filteredOn(path -> path.endsWith(".jpg")).hasSize(50);
      assertThat(train.stream().map(path -> ImageSet.label(path, "train/")).distinct())
          .hasSize(10)
          .contains("striped-cross", "plain-disc");
      for (String path : images.paths()) {
        assertThat(images.content(path)).isEqualTo(Files.readAllBytes(second.resolve(path)));
      }
    }
  }

  @Test
  void copyOfASetHasItsImages() throws Exception {
    Path set = GeneratedImages.write(directory.resolve("set"), 20, 4);
    Path copy = directory.resolve("copy");
    try (ImageSet images = ImageSet.open(set)) {
      images.copyTo(copy);
    }
    try (ImageSet images = ImageSet.open(set);
        ImageSet copied = ImageSet.open(copy)) {
      assertThat(copied.paths()).isEqualTo(images.paths()).hasSize(24);
    }
  }
}
