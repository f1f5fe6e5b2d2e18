package dev.millrace.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.job.TestImageJobs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDemoITCase {

  @TempDir private Path directory;

  /** The set that is drawn, and what its model says to the vision diagnostic. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void demoOfImagesNeedsNoDataAndItsReportIsComplete(int lanes) throws Exception {
    Path out = directory.resolve("report");
    Path models = directory.resolve("models");
    List<String> arguments =
        new ArrayList<>(List.of("demo", "--images", "--passes", "2", "--out", out.toString()));
    TestImageJobs.smallLearner()
        .forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    arguments.addAll(List.of("--set", "job.model-directory=" + models, "--lanes", "" + lanes));
    assertThat(Millrace.execute(arguments.toArray(String[]::new))).isZero();

    JsonNode report = new ObjectMapper().readTree(out.resolve("report.json").toFile());
    JsonNode images = report.get("images");
    assertThat(images.get("streamed").asLong()).isEqualTo(1_200);
    assertThat(images.get("passes").asInt()).isEqualTo(2);
    assertThat(images.get("dead_letters").asLong()).isZero();
    assertThat(images.get("late").asLong()).isZero();
    assertThat(images.get("knn_queries").asLong()).isEqualTo(150);
    // Ten groups: 1 in 10 is chance.
    assertThat(images.get("knn_top1").asDouble()).isGreaterThan(0.2);
    for (String figure :
        List.of(
            "wall_seconds",
            "views_per_second",
            "knn_top1_prequential",
            "loss",
            "ln_k",
            "prototype_usage_entropy",
            "nmi_prototypes",
            "nmi_kmeans")) {
      assertThat(images.get(figure).asDouble()).as(figure).isPositive();
    }
    assertThat(images.get("prototype_usage_entropy").asDouble())
        .isLessThanOrEqualTo(images.get("ln_k").asDouble());
    assertThat(images.get("model_digest").asText()).matches("[0-9a-f]{64}");
    assertThat(report.get("prototype_usage")).hasSize(8);
    assertThat(report.at("/config/learn.images.batch").asInt()).isEqualTo(16);
    // Half a mini-batch of 16 for each lane, an image every 100 ms.
    assertThat(report.at("/config/job.round").asText()).isEqualTo(lanes == 1 ? "PT1H" : "PT3.2S");
    assertThat(report.get("config").has("learn.width")).as("options of interactions").isFalse();

    String page = Files.readString(out.resolve("report.html"));
    assertThat(page)
        .contains("<svg", "data:image/jpeg;base64,", "coloured by cluster", "coloured by class")
        .doesNotContainPattern("(src|href)=\"https?:")
        .doesNotContain("<script");

    Path figures = directory.resolve("vision.json");
    assertThat(
            Millrace.execute(
                "evaluate",
                "vision",
                "--model",
                models.resolve(lanes == 1 ? "lane-0.model" : "shared.model").toString(),
                "--out",
                figures.toString()))
        .isZero();
    JsonNode tests = new ObjectMapper().readTree(figures.toFile()).get("tests");
    assertThat(tests).hasSize(9);
    assertThat(tests.get(0).at("/raw_pixels/value").isNumber()).isTrue();
    assertThat(tests.get(0).at("/encoder/value").isNumber()).isTrue();
  }
}
