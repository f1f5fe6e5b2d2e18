package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.augment.ImageViewConfig;
import dev.millrace.model.cluster.GuardConfig;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.encoder.PatchCodesConfig;
import dev.millrace.model.eval.TexturedShapes;
import dev.millrace.model.objective.Objectives;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ImageLearnerTest {

  private static final PatchCodesConfig PATCHES =
      new PatchCodesConfig(
          ImageStreams.SIDE, 4, 2, 32, 0.2, 0.06, 20, 40, 1, 8, 1e-3, 2, 12, 1e-2, 2);

  private static ImageLearner learner(ImageLearnerConfig config, int threads) {
    return new ImageLearnerFactory(config, threads).create();
  }

  private static ImageStreams.Recorder run(
      ImageLearner learner, List<EventGroup<ImageEvent>> groups) {
    ImageStreams.Recorder output = new ImageStreams.Recorder();
    groups.forEach(group -> learner.observe(group, output));
    learner.finish(output);
    return output;
  }

  private static byte[] bytes(ImageLearner learner) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    learner.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  /** With codes of patches that are learned early. */
  static ImageLearnerConfig withPatches(long seed) {
    ImageLearnerConfig plain = ImageStreams.config(seed);
    return plain.with(
        new ImageLearnerConfig.Model(plain.model().encoder(), 0.9, 0.01, 0.999, PATCHES, 0.7));
  }

  /** The configurations whose states differ in kind. */
  static Stream<ImageLearnerConfig> kinds() {
    ImageLearnerConfig plain = ImageStreams.config(5);
    return Stream.of(
        plain,
        plain.withObjective("swav", Map.of(), ImageLearnerConfig.Labels.NONE),
        plain.withObjective("info-nce", Map.of(), ImageLearnerConfig.Labels.NONE),
        plain
            .with(plain.views().withSmall(new ImageViewConfig.Crops(1, 8, 0.1, 0.4)))
            .with(plain.clusters().withFreeze(3, 0.5))
            .withObjective("mv-dhel", Map.of(), ImageLearnerConfig.Labels.NONE),
        withPatches(5));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void restoredLearnerContinuesExactly(ImageLearnerConfig config) throws IOException {
    List<EventGroup<ImageEvent>> groups = ImageStreams.groups(0, 90);
    List<EventGroup<ImageEvent>> first = groups.subList(0, 37);
    List<EventGroup<ImageEvent>> rest = groups.subList(37, groups.size());
    ImageStreams.Recorder output = new ImageStreams.Recorder();
    try (ImageLearner straight = learner(config, 1)) {
      first.forEach(group -> straight.observe(group, output));
      byte[] written = bytes(straight);
      ImageStreams.Recorder expected = run(straight, rest);
      try (ImageLearner restored =
          new ImageLearnerFactory(config, 1)
              .restore(new DataInputStream(new ByteArrayInputStream(written)))) {
        assertThat(bytes(restored)).isEqualTo(written);
        ImageStreams.Recorder again = run(restored, rest);
        assertThat(again.embeddings).isEqualTo(expected.embeddings);
        assertThat(again.prototypes).isEqualTo(expected.prototypes);
        assertThat(again.metrics).isEqualTo(expected.metrics);
        assertThat(restored.digest()).isEqualTo(straight.digest());
      }
    }
  }

  @Test
  void replayAndNumberOfThreadsChangeNoBit() {
    ImageLearnerConfig config = ImageStreams.config(9);
    List<EventGroup<ImageEvent>> groups = ImageStreams.groups(0, 80);
    try (ImageLearner one = learner(config, 1);
        ImageLearner again = learner(config, 1);
        ImageLearner two = learner(config, 2)) {
      ImageStreams.Recorder expected = run(one, groups);
      assertThat(run(again, groups).embeddings).isEqualTo(expected.embeddings);
      assertThat(run(two, groups).embeddings).isEqualTo(expected.embeddings);
      assertThat(again.digest()).isEqualTo(one.digest());
      assertThat(two.digest()).isEqualTo(one.digest());
    }
  }

  @Test
  void everyImageIsPublishedOnceWithClustersAndTheVersionThatMadeIt() {
    try (ImageLearner learner = learner(ImageStreams.config(1), 1)) {
      ImageStreams.Recorder output = run(learner, ImageStreams.groups(0, 40));
      assertThat(output.embeddings).hasSize(40);
      assertThat(output.embeddings).extracting(e -> e.id()).doesNotHaveDuplicates();
      assertThat(output.embeddings).allMatch(e -> e.clusters().length == 2);
      assertThat(output.embeddings).allMatch(e -> e.assignment()[0] >= e.assignment()[1]);
      assertThat(output.embeddings.get(0).modelVersion()).isZero();
      assertThat(output.embeddings.get(39).modelVersion()).isEqualTo(2);
      assertThat(output.embeddings.get(39).norm()).isCloseTo(1, within(1e-5));
      // After mini-batch 2 of 16, and at the end.
      assertThat(output.prototypes).hasSize(16);
      assertThat(output.total("images")).isEqualTo(40);
      assertThat(output.total("steps")).isEqualTo(9);
      assertThat(output.of("total").get(0).labels())
          .containsEntry("model_digest", learner.digest());
    }
  }

  static Stream<Objectives> fed() {
    return Arrays.stream(Objectives.values())
        .filter(objective -> ImageLearnerConfig.refusal(objective).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("fed")
  void everyObjectiveThatImagesCanFeedLearns(Objectives objective) {
    ImageLearnerConfig config =
        ImageStreams.config(2)
            .withObjective(objective.key(), Map.of(), ImageLearnerConfig.Labels.LABEL);
    try (ImageLearner learner = learner(config, 1)) {
      ImageStreams.Recorder output = run(learner, ImageStreams.groups(0, 64));
      assertThat(output.quarantined).isEmpty();
      assertThat(output.total("loss")).isFinite();
      assertThat(output.total("steps")).isEqualTo(12);
    }
  }

  @Test
  void objectivesOfImagesAreKnownAndTheOthersSayWhatTheyMiss() {
    assertThat(fed().map(Objectives::key))
        .contains(
            "nt-xent",
            "info-nce",
            "dcl",
            "dclw",
            "mv-infonce",
            "mv-dhel",
            "cacr",
            "sup-con",
            "hiclr",
            "meow",
            "agreement",
            "bacon",
            "sepclr",
            "mvcnet",
            "swav");
    assertThat(ImageLearnerConfig.refusal(Objectives.POT).orElseThrow())
        .contains("'pot' cannot learn from a stream of images: it needs 'x'");
    assertThatThrownBy(
            () ->
                ImageStreams.config(1)
                    .withObjective("sup-con", Map.of(), ImageLearnerConfig.Labels.NONE))
        .hasMessageContaining("needs labels");
  }

  @Test
  void clustersServeAsLabels() {
    ImageLearnerConfig config =
        ImageStreams.config(2)
            .withObjective("sup-con", Map.of(), ImageLearnerConfig.Labels.CLUSTER);
    try (ImageLearner learner = learner(config, 1)) {
      assertThat(run(learner, ImageStreams.groups(0, 32)).total("loss")).isFinite();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyOptimizerTrains(ImageLearnerConfig.Method method) {
    ImageLearnerConfig config = ImageStreams.config(2);
    double rate = method == ImageLearnerConfig.Method.LARS ? 0.5 : 0.004;
    ImageLearnerConfig with = config.with(config.training().withRate(method, rate));
    try (ImageLearner learner = learner(with, 1)) {
      assertThat(run(learner, ImageStreams.groups(0, 48)).total("loss")).isFinite();
    }
  }

  @Test
  void tooManyPrototypesAreRefusedWithTheReasonAndWhatToDo() {
    ImageLearnerConfig config = ImageLearnerConfig.standard(1);
    assertThatThrownBy(() -> config.with(config.clusters().withCount(3000, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3000 prototypes cannot share 64 images")
        .hasMessageContaining("at most 32 prototypes, or a queue of at least 5936");
  }

  @Test
  void ratesThatBlowUpAreTakenBackQuarantinedAndReported() {
    ImageLearnerConfig config = ImageStreams.config(4);
    ImageLearnerConfig wild =
        config.with(
            config
                .training()
                .withRate(ImageLearnerConfig.Method.SGD, 1e12)
                .withSchedule(ImageLearnerConfig.Schedule.CONSTANT, 1, 0));
    try (ImageLearner learner = learner(wild, 1)) {
      ImageStreams.Recorder output = run(learner, ImageStreams.groups(0, 48));
      assertThat(output.quarantined).isNotEmpty();
      DeadLetter letter = output.quarantined.get(0);
      assertThat(letter.errorClass()).isEqualTo("NonFinite");
      assertThat(new String(letter.key(), java.nio.charset.StandardCharsets.UTF_8))
          .startsWith("shape-");
      assertThat(letter.value()).isNull();
      assertThat(letter.position().topic()).isEqualTo("images");
      LearningMetrics event = output.of("event").get(0);
      assertThat(event.labels()).containsEntry("event", "NonFinite").containsKey("advice");
      assertThat(output.total("roll_backs")).isGreaterThanOrEqualTo(1);
      assertThat(output.total("quarantined")).isEqualTo(output.quarantined.size());
      assertThat(output.embeddings).hasSize(48);
      assertThat(output.embeddings).allMatch(e -> Double.isFinite(e.norm()));
    }
  }

  @Test
  void collapseIsTakenBackAndNamed() {
    // No embedding is as spread as that: every step after the grace is a collapse.
    ImageLearnerConfig config = ImageStreams.config(4).with(new GuardConfig(4, 1.5, 0, 2, 2));
    try (ImageLearner learner = learner(config, 1)) {
      ImageStreams.Recorder output = run(learner, ImageStreams.groups(0, 48));
      assertThat(output.of("event")).isNotEmpty();
      assertThat(output.of("event").get(0).labels()).containsEntry("event", "EmbeddingsCollapsed");
      assertThat(output.quarantined)
          .extracting(DeadLetter::errorClass)
          .containsOnly("EmbeddingsCollapsed");
    }
  }

  @Test
  void stateOfOtherOptionsIsRefused() throws IOException {
    try (ImageLearner learner = learner(ImageStreams.config(1), 1)) {
      byte[] written = bytes(learner);
      assertThatThrownBy(
              () ->
                  new ImageLearnerFactory(ImageStreams.config(2), 1)
                      .restore(new DataInputStream(new ByteArrayInputStream(written))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("restore with the options of that run");
    }
  }

  @Test
  void shapesAreToldApartBetterAndBetter() {
    ImageLearnerConfig config = ImageStreams.patient(3);
    try (ImageLearner learner = learner(config, 2)) {
      ImageStreams.Recorder output = run(learner, ImageStreams.groups(0, 1200));
      List<Double> accuracy =
          output.of("window").stream()
              .map(window -> window.figures().get("knn_top1_prequential_window"))
              .filter(value -> value != null)
              .toList();
      System.out.println("prequential kNN by windows of 300: " + accuracy);
      assertThat(accuracy.get(3)).isGreaterThan(0.55);
      assertThat(accuracy.get(3)).isGreaterThan(accuracy.get(0));
      assertThat(output.total("prototype_usage_entropy_share")).isGreaterThan(0.8);
      assertThat(1.0 / TexturedShapes.GROUPS).as("chance").isLessThan(0.11);
    }
  }
}
