package dev.millrace.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoITCase {

  @TempDir private Path directory;

  @Test
  void reportIsCompleteAndReadableWithoutANetwork() throws Exception {
    Path out = directory.resolve("report");
    assertThat(Millrace.execute("demo", "--events", "4000", "--out", out.toString())).isZero();
    JsonNode report = new ObjectMapper().readTree(out.resolve("report.json").toFile());
    assertThat(report.get("events").asLong()).isEqualTo(4_000);
    assertThat(report.get("dead_letters").asLong()).isZero();
    assertThat(report.get("late").asLong()).isZero();
    for (String key : List.of("wall_seconds", "events_per_second")) {
      assertThat(report.get(key).asDouble()).as(key).isPositive();
    }
    assertThat(report.at("/freshness_ms/p99").asDouble())
        .isGreaterThanOrEqualTo(report.at("/freshness_ms/p50").asDouble());
    for (String mode : List.of("all", "new")) {
      assertThat(report.at("/evaluated/" + mode).asLong()).isPositive();
      for (String scorer :
          List.of(
              "model",
              "neural",
              "popularity",
              "recent_popularity",
              "personal",
              "markov",
              "item_knn",
              "item_knn_personal")) {
        for (String figure : List.of("recall_at_10", "recall_at_20", "ndcg_at_20")) {
          String pointer = "/prequential/" + mode + "/" + scorer + "/" + figure;
          assertThat(report.at(pointer).isNumber()).as(pointer).isTrue();
        }
      }
    }
    assertThat(report.get("model_digest").asText()).matches("[0-9a-f]{64}");
    assertThat(report.at("/skipped/no customer").asLong()).isPositive();
    assertThat(report.at("/config/learn.seed").asLong()).isEqualTo(1);
    assertThat(report.get("loss").isArray()).isTrue();
    String page = Files.readString(out.resolve("report.html"));
    assertThat(page)
        .contains("<svg")
        .doesNotContainPattern("(src|href)=\"https?:")
        .doesNotContain("<script");
  }
}
