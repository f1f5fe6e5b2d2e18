package dev.millrace.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateSequencesTest {

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

  /** Thirty users who walk along a ring of twelve items. */
  private Path sequences(String name) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int user = 0; user < 30; user++) {
      lines.append("u").append(user);
      for (int i = 0; i < 5 + user % 3; i++) {
        lines.append(' ').append((user + i) % 12);
      }
      lines.append('\n');
    }
    Path file = directory.resolve(name);
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    try (OutputStream plain = Files.newOutputStream(file);
        OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
      out.write(bytes);
    }
    return file;
  }

  @Test
  void writesTheFiguresOfModelAndCountsMaskedAndUnmasked() throws Exception {
    Path json = directory.resolve("figures.json");
    Outcome outcome =
        run(
            "evaluate",
            "sequences",
            sequences("rows.txt.gz").toString(),
            "--passes",
            "2",
            "--threads",
            "1",
            "--out",
            json.toString());
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("model", "markov", "popularity", "item_knn", "NDCG@20");
    assertThat(outcome.err()).contains("pass 2: loss").contains("validation MRR@10");
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    for (String history : new String[] {"masked", "unmasked"}) {
      for (String scorer : new String[] {"model", "popularity", "markov", "item_knn"}) {
        JsonNode figures = report.path(history).path(scorer);
        for (int k : new int[] {5, 10, 20}) {
          assertThat(figures.path("hr_at_" + k).asDouble(-1)).isBetween(0.0, 1.0);
          assertThat(figures.path("ndcg_at_" + k).asDouble(-1)).isBetween(0.0, 1.0);
        }
        assertThat(figures.size()).isEqualTo(6);
      }
    }
    assertThat(report.path("passes").asInt()).isEqualTo(2);
    assertThat(report.path("users").asInt()).isEqualTo(30);
    assertThat(report.path("validation").size()).isEqualTo(2);
    assertThat(report.path("unmasked").path("markov").path("hr_at_5").asDouble()).isEqualTo(1);
  }

  @Test
  void unknownMethodNamesTheNearestBeforeTheFileIsRead() {
    Outcome outcome = run("evaluate", "sequences", "none.txt", "--method", "mclreck");
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("mclreck").contains("did you mean 'mclrec'");
  }

  @Test
  void badLineIsNamedByFileAndNumber() throws Exception {
    Path file = Files.writeString(directory.resolve("bad.txt"), "a 1 2 3\nb 4\n");
    Outcome outcome = run("evaluate", "sequences", file.toString());
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("bad.txt, line 2: user 'b' has 1 items");
  }

  @Test
  void missingFileIsNamed() {
    Outcome outcome = run("evaluate", "sequences", directory.resolve("none.txt").toString());
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("no file can be read at").contains("none.txt");
  }

  @Test
  void hasHelp() {
    Outcome outcome = run("evaluate", "sequences", "--help");
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.out()).contains("Usage: millrace evaluate sequences").contains("--method");
  }
}
