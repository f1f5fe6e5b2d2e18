package dev.millrace.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.learner.ImageLearnerConfig;
import dev.millrace.model.learner.LaneLayout;
import dev.millrace.model.learner.SequenceLearnerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobConfigTest {

  @TempDir private Path directory;

  @Test
  void withoutOptionsItIsTheLearnersStandard() {
    assertThat(JobConfig.of(Map.of()).learner()).isEqualTo(SequenceLearnerConfig.standard(1));
  }

  @Test
  void withoutOptionsTheImageLearnerIsTheObjectivesStandard() {
    assertThat(JobConfig.of(Map.of()).imageLearner()).isEqualTo(ImageLearnerConfig.standard(1));
    JobConfig swav = JobConfig.of(Map.of("learn.images.objective", "swav", "learn.seed", "3"));
    assertThat(swav.imageLearner()).isEqualTo(ImageLearnerConfig.standard("swav", 3));
    assertThat(
            JobConfig.of(Map.of("learn.images.objective", "swav", "learn.images.prototypes", "32"))
                .imageLearner()
                .clusters()
                .count())
        .isEqualTo(32);
  }

  @Test
  void nestedAndWholeKeysAreTheSame() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("c.yaml"),
            "learn:\n  width: 32\n  items:\n    maximum: 9\nlearn.seed: 4\nflink.rest.port: 1\n");
    JobConfig config = JobConfig.of(ConfigFile.read(file));
    assertThat(config.learner().model().width()).isEqualTo(32);
    assertThat(config.learner().model().maximumItems()).isEqualTo(9);
    assertThat(config.learner().seed()).isEqualTo(4);
    assertThat(config.flink().toMap()).containsEntry("rest.port", "1");
  }

  @Test
  void valueThatDoesNotFitIsNamedWithItsKey() {
    assertThatThrownBy(() -> JobConfig.of(Map.of("learn.width", "wide")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("learn.width")
        .hasMessageContaining("wide");
  }

  @Test
  void whatLanesCannotDoIsRefusedAtTheStart() {
    assertThat(JobConfig.of(Map.of("job.lanes", "8", "job.round", "10 min")).laneLayout())
        .isEqualTo(new LaneLayout(8, 600_000, 0.5));
    assertRefused(Map.of("job.lanes", "0"), "at least 1");
    assertRefused(Map.of("job.lanes", "8", "job.round", "0 s"), "at least 1 millisecond");
    assertRefused(Map.of("job.lanes", "8", "job.merge-power", "1.5"), "merge power lies in [0, 1]");
    assertRefused(
        Map.of("job.lanes", "8", "learn.objective", "dcl"), "set the number of lanes to 1");
    assertRefused(
        Map.of(
            "job.lanes",
            "8",
            "job.streams",
            "images",
            "flink.execution.checkpointing.mode",
            "AT_LEAST_ONCE"),
        "several lanes need aligned checkpoints");
    assertRefused(
        Map.of("job.lanes", "8", "flink.execution.checkpointing.unaligned.enabled", "true"),
        "several lanes need aligned checkpoints");
  }

  private static void assertRefused(Map<String, String> values, String reason) {
    assertThatThrownBy(() -> JobConfig.of(values))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void unknownStreamNamesTheNearestKnownOne() {
    assertThat(JobConfig.of(Map.of()).streams()).containsExactly(LearnedStream.INTERACTIONS);
    assertThat(JobConfig.of(Map.of("job.streams", "images,interactions")).streams())
        .containsExactlyInAnyOrder(LearnedStream.values());
    assertThatThrownBy(() -> JobConfig.of(Map.of("job.streams", "interactions,imges")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'imges'")
        .hasMessageContaining("did you mean 'images'");
  }

  @Test
  void readmeHoldsTheOptionTable() throws Exception {
    String readme = Files.readString(Path.of("..", "README.md"));
    assertThat(readme)
        .as("paste the output of `job/bin/millrace options` between the marks of README.md")
        .contains("<!-- options: millrace options -->\n" + OptionTable.markdown());
  }

  @Test
  void readmeAndDocsHoldTheTableOfObjectives() throws Exception {
    for (Path page : new Path[] {Path.of("README.md"), Path.of("docs", "objectives.md")}) {
      assertThat(Files.readString(Path.of("..").resolve(page)))
          .as("paste the output of `job/bin/millrace objectives --markdown` into " + page)
          .contains("<!-- objectives -->\n" + ObjectiveTable.markdown());
    }
  }

  @Test
  void objectiveThatInteractionsCannotFeedIsRefusedWithTheReason() {
    assertThatThrownBy(() -> JobConfig.of(Map.of("learn.objective", "pot")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("objective 'pot' cannot learn from a stream of interactions");
    assertThatThrownBy(() -> JobConfig.of(Map.of("learn.objective", "sup-con")))
        .hasMessageContaining("set learn.labels to category");
    assertThatThrownBy(
            () ->
                JobConfig.of(
                    Map.of("learn.objective", "dcl", "learn.objective-parameters.tua", "1")))
        .hasMessageContaining("did you mean 'tau'");
    assertThat(
            JobConfig.of(Map.of("learn.objective", "dcl", "learn.objective-parameters.tau", "0.3"))
                .learner()
                .training()
                .objectiveParameters())
        .containsEntry("tau", "0.3");
  }
}
