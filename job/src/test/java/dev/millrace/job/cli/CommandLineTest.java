package dev.millrace.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.config.OptionTable;
import dev.millrace.model.objective.Objectives;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

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

  @ParameterizedTest
  @ValueSource(strings = {"demo", "replay", "record", "run", "evaluate", "objectives", "options"})
  void everyCommandHasHelp(String command) {
    Outcome outcome = run(command, "--help");
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.out()).contains("Usage: millrace " + command);
  }

  @Test
  void wrongOptionNamesTheNearestRightOne() {
    Outcome outcome = run("demo", "--evnts", "5");
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("--evnts").contains("--events");
  }

  @Test
  void unknownKeyNamesTheNearestKnownOne() {
    Outcome outcome = run("evaluate", "--set", "learn.widht=8");
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("learn.widht").contains("did you mean 'learn.width'");
  }

  @Test
  void unknownObjectiveNamesTheNearestKnownOne() {
    Outcome outcome = run("evaluate", "--objective", "dclv");
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("dclv").contains("dclw");
  }

  @Test
  void missingBrokerIsNamedWithWhatToDo() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Outcome outcome = run("run", "--set", "kafka.bootstrap-servers=localhost:" + port);
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("localhost:" + port)
        .contains("start it, or set kafka.bootstrap-servers");
  }

  @Test
  void missingFileIsNamed() {
    Outcome outcome = run("replay", directory.resolve("none.csv").toString());
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("none.csv").contains("--from-topic");
  }

  @Test
  void imageDemoSaysWhatIsWrongBeforeABrokerStarts() {
    Outcome missing = run("demo", "--images", directory.resolve("none").toString());
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.err()).contains("no folder or tar file of images");
    Outcome passes = run("demo", "--images", "--passes", "0");
    assertThat(passes.exit()).isEqualTo(2);
    assertThat(passes.err()).contains("at least 1 pass");
    Outcome balance =
        run("demo", "--images", "--objective", "swav", "--set", "learn.images.prototypes=3000");
    assertThat(balance.exit()).isEqualTo(2);
    assertThat(balance.err()).contains("3000 prototypes");
  }

  @Test
  void missingModelIsNamed() {
    Outcome outcome =
        run("evaluate", "vision", "--model", directory.resolve("none.model").toString());
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("no model can be read").contains("none.model");
  }

  @Test
  void optionsAndObjectivesAreListed() {
    assertThat(run("options").out()).isEqualTo(OptionTable.markdown());
    assertThat(run("objectives").out()).contains(Objectives.names());
  }

  @Test
  void evaluatePrintsEveryScorer() throws Exception {
    StringBuilder rows = new StringBuilder("user,item,time\n");
    for (int i = 0; i < 300; i++) {
      rows.append("u%d,i%d,%d%n".formatted(i % 7, (i * 5) % 23, 1_262_304_000L + 60 * (i / 3)));
    }
    Path file = Files.writeString(directory.resolve("rows.csv"), rows);
    Outcome outcome = run("evaluate", file.toString(), "--set", "learn.width=16");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("model", "popularity", "recent_popularity", "personal", "markov")
        .contains("item_knn", "item_knn_personal", "model digest");
  }
}
