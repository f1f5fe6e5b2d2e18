package dev.millrace.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateStreamTest {

  private static final List<String> SCORERS =
      List.of(
          "model",
          "popularity",
          "recent_popularity",
          "personal",
          "markov",
          "item_knn",
          "item_knn_personal",
          "neural");

  @TempDir private Path directory;

  private record Outcome(int exit, String out, String err) {}

  private static Outcome run(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
      int exit = Millrace.execute(arguments);
      return new Outcome(
          exit,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** Users who each like a part of sixty items, a few rows at a time. */
  private Path rows(int count) throws IOException {
    StringBuilder rows = new StringBuilder("user,item,time\n");
    for (int i = 0; i < count; i++) {
      int user = (i / 3) % 8;
      rows.append(
          "u%d,i%d,%d%n".formatted(user, (user * 7 + i * i) % 60, 1_262_304_000L + 3600 * (i / 3)));
    }
    return Files.writeString(directory.resolve("rows.csv"), rows);
  }

  private Path json() {
    return directory.resolve("figures.json");
  }

  private JsonNode evaluate(String... more) throws IOException {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of(
                "evaluate",
                "stream",
                rows(600).toString(),
                "--set",
                "learn.width=16",
                "--set",
                "learn.evaluation.window=30",
                "--resamples",
                "200",
                "--out",
                json().toString()));
    arguments.addAll(List.of(more));
    Outcome outcome = run(arguments.toArray(String[]::new));
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return new ObjectMapper().readTree(json().toFile());
  }

  @Test
  void writesFiguresWithIntervalsOfModelAndCounts() throws Exception {
    JsonNode report = evaluate();
    for (String mode : List.of("all", "new")) {
      for (String scorer : SCORERS) {
        JsonNode figures = report.path(mode).path(scorer);
        for (String name : List.of("recall_at_10", "recall_at_20", "ndcg_at_20", "mrr_at_20")) {
          double value = figures.path(name).asDouble(-1);
          JsonNode interval = figures.path("intervals").path(name);
          assertThat(value).as(scorer + " " + name).isBetween(0.0, 1.0);
          assertThat(interval.path("low").asDouble(2)).isLessThanOrEqualTo(value);
          assertThat(interval.path("high").asDouble(-1)).isGreaterThanOrEqualTo(value);
        }
      }
    }
    assertThat(report.path("events").asInt()).isEqualTo(600);
    assertThat(report.path("model_digest").asText()).hasSize(64);
    assertThat(report.path("bootstrap").path("level").asDouble()).isEqualTo(0.95);
    assertThat(report.path("bootstrap").path("resamples").asInt()).isEqualTo(200);
  }

  @Test
  void comparesTheModelWithTheBestCount() throws Exception {
    JsonNode report = evaluate();
    for (String mode : List.of("all", "new")) {
      JsonNode comparison = report.path("against_best_count").path(mode);
      String count = comparison.path("count").asText();
      double best = 0;
      for (String scorer : SCORERS.subList(1, 7)) {
        best = Math.max(best, report.path(mode).path(scorer).path("recall_at_20").asDouble());
      }
      double model = report.path(mode).path("model").path("recall_at_20").asDouble();
      assertThat(report.path(mode).path(count).path("recall_at_20").asDouble()).isEqualTo(best);
      assertThat(comparison.path("difference").path("recall_at_20").path("estimate").asDouble())
          .isCloseTo(model - best, within(1e-9));
      assertThat(comparison.path("ratio").path("recall_at_20").path("estimate").asDouble())
          .isCloseTo(model / best, within(1e-9));
    }
  }

  @Test
  void windowsAddUpToTheWhole() throws Exception {
    JsonNode report = evaluate();
    int windows = report.path("windows").size();
    assertThat(report.path("bootstrap").path("units").asInt()).isBetween(windows, windows + 1);
    long evaluated = 0;
    long last = 0;
    for (JsonNode window : report.path("windows")) {
      evaluated += window.path("evaluated").path("all").asLong();
      assertThat(window.path("event_time").asLong()).isGreaterThan(last);
      assertThat(window.path("recall_at_20").path("all").has("model")).isTrue();
      last = window.path("event_time").asLong();
    }
    long all = report.path("evaluated").path("all").asLong();
    assertThat(all - evaluated).isBetween(0L, 30L);
  }

  @Test
  void sameSeedGivesTheSameFiguresAndTheBlockOnlyChangesIntervals() throws Exception {
    JsonNode first = evaluate();
    JsonNode again = evaluate();
    JsonNode other = evaluate("--block", "6");
    for (String part : List.of("all", "new", "against_best_count", "model_digest", "windows")) {
      assertThat(again.path(part)).isEqualTo(first.path(part));
    }
    assertThat(other.path("model_digest")).isEqualTo(first.path("model_digest"));
    assertThat(other.path("bootstrap").path("mean_block").asDouble()).isEqualTo(6);
    assertThat(other.path("all").path("model").path("intervals"))
        .isNotEqualTo(first.path("all").path("model").path("intervals"));
  }

  @Test
  void shortStreamHasFiguresWithoutIntervalsAndSaysSo() throws Exception {
    Outcome outcome =
        run("evaluate", rows(90).toString(), "--set", "learn.width=16", "--out", json().toString());
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("no confidence intervals", "at least 10 windows");
    JsonNode report = new ObjectMapper().readTree(json().toFile());
    assertThat(report.path("bootstrap").isNull()).isTrue();
    assertThat(report.path("all").path("model").path("intervals").isEmpty()).isTrue();
    assertThat(report.path("all").path("model").has("recall_at_20")).isTrue();
  }

  @Test
  void printsTheTableAndTheComparison() throws Exception {
    Outcome outcome =
        run(
            "evaluate",
            "stream",
            rows(600).toString(),
            "--set",
            "learn.width=16",
            "--set",
            "learn.evaluation.window=30");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("item_knn_personal", "ranker_together")
        .contains("all: recall@20 of the model is", "new: recall@20 of the model is")
        .contains("recall@20 until", "2010-01-")
        .contains("stationary block bootstrap", "2,000 resamples", "model digest");
  }

  @Test
  void generatedStreamShowsTheChangeInItsMiddle() throws Exception {
    Outcome outcome =
        run(
            "evaluate",
            "stream",
            "--drifting",
            "1600",
            "--set",
            "learn.width=16",
            "--set",
            "learn.evaluation.window=100",
            "--out",
            json().toString());
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    JsonNode windows = new ObjectMapper().readTree(json().toFile()).path("windows");
    double lowest = 1;
    int at = -1;
    for (int w = windows.size() / 3; w < windows.size(); w++) {
      double recall =
          windows.get(w).path("recall_at_20").path("all").path("item_knn_personal").asDouble();
      if (recall < lowest) {
        lowest = recall;
        at = w;
      }
    }
    assertThat(at).isBetween(windows.size() / 2 - 2, windows.size() / 2 + 3);
    Outcome both = run("evaluate", "stream", rows(90).toString(), "--drifting", "100");
    assertThat(both.exit()).isEqualTo(2);
    assertThat(both.err()).contains("leave out the file");
  }
}
