package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.cluster.GuardConfig;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Picture;
import dev.millrace.model.eval.TexturedShapes;
import dev.millrace.model.kernel.CanonicalState;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReplicaTest {

  private static final int LANES = 4;
  private static final double WILD_RATE = 1e12;

  /** Half a mini-batch of 16 for each lane. */
  private static final LaneLayout LAYOUT = new LaneLayout(LANES, 32_000, 0.5);

  private static ImageReplicaFactory factory(ImageLearnerConfig config) {
    return new ImageReplicaFactory(config, LAYOUT, 1);
  }

  private static LanedLearner<ImageEvent> whole(ImageLearnerConfig config) {
    return new LanedLearner<>(factory(config), LAYOUT);
  }

  private static ImageStreams.Recorder run(
      OnlineLearner<ImageEvent> learner, List<EventGroup<ImageEvent>> groups) {
    ImageStreams.Recorder output = new ImageStreams.Recorder();
    groups.forEach(group -> learner.observe(group, output));
    learner.finish(output);
    return output;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void whereALaneIsAtWorkChangesNothing(int count) throws IOException {
    ImageLearnerConfig config = ImageLearnerTest.withPatches(1);
    List<EventGroup<ImageEvent>> groups = ImageStreams.groups(0, 240);
    LanedLearner<ImageEvent> whole = whole(config);
    ImageStreams.Recorder expected = run(whole, groups);

    ImageStreams.Recorder output = new ImageStreams.Recorder();
    LaneSpread<ImageEvent> spread = new LaneSpread<>(factory(config), LAYOUT, count, output);
    spread.observe(groups);
    spread.finish();

    assertThat(spread.copies).extracting(LaneReplica::digest).containsOnly(whole.digest());
    assertThat(output.embeddings).containsExactlyInAnyOrderElementsOf(expected.embeddings);
    assertThat(output.prototypes).isEqualTo(expected.prototypes).isNotEmpty();
    assertThat(output.metrics).isEqualTo(expected.metrics);
  }

  /** The configurations whose states differ in kind. */
  static Stream<ImageLearnerConfig> kinds() {
    return ImageLearnerTest.kinds();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void lanesThatMoveInMidRoundChangeNothing(ImageLearnerConfig config) throws IOException {
    List<EventGroup<ImageEvent>> groups = ImageStreams.groups(0, 180);
    LanedLearner<ImageEvent> whole = whole(config);
    ImageStreams.Recorder expected = run(whole, groups);

    ImageStreams.Recorder output = new ImageStreams.Recorder();
    LaneSpread<ImageEvent> first = new LaneSpread<>(factory(config), LAYOUT, 2, output);
    int cut = groups.size() / 2 + 3;
    first.observe(groups.subList(0, cut));
    assertThat(first.anyNews()).isTrue();
    LaneSpread<ImageEvent> second = new LaneSpread<>(factory(config), 3, first);
    second.observe(groups.subList(cut, groups.size()));
    second.finish();

    assertThat(second.copies).extracting(LaneReplica::digest).containsOnly(whole.digest());
    assertThat(output.embeddings).containsExactlyInAnyOrderElementsOf(expected.embeddings);
    assertThat(output.metrics).isEqualTo(expected.metrics);
  }

  @Test
  void restoredLearnerOfAllLanesGoesOnExactly() throws IOException {
    ImageLearnerConfig config = ImageStreams.config(5);
    List<EventGroup<ImageEvent>> groups = ImageStreams.groups(0, 150);
    LanedLearner<ImageEvent> whole = whole(config);
    ImageStreams.Recorder expected = run(whole, groups);
    LanedLearner<ImageEvent> first = whole(config);
    ImageStreams.Recorder both = new ImageStreams.Recorder();
    groups.subList(0, 71).forEach(group -> first.observe(group, both));
    LanedLearner<ImageEvent> second =
        LanedLearner.readFrom(
            factory(config), LAYOUT, LaneSpread.in(CanonicalState.bytesOf(first::writeTo)));
    groups.subList(71, groups.size()).forEach(group -> second.observe(group, both));
    second.finish(both);
    assertThat(second.digest()).isEqualTo(whole.digest());
    assertThat(both.embeddings).isEqualTo(expected.embeddings);
    assertThat(both.prototypes).isEqualTo(expected.prototypes);
  }

  @Test
  void numberOfThreadsChangesNoBit() {
    ImageLearnerConfig config = ImageStreams.config(9);
    List<EventGroup<ImageEvent>> groups = ImageStreams.groups(0, 120);
    LanedLearner<ImageEvent> one = whole(config);
    LanedLearner<ImageEvent> two =
        new LanedLearner<>(new ImageReplicaFactory(config, LAYOUT, 2), LAYOUT);
    assertThat(run(two, groups).embeddings).isEqualTo(run(one, groups).embeddings);
    assertThat(two.digest()).isEqualTo(one.digest());
  }

  @Test
  void countsAreThoseOfOneLane() {
    ImageLearnerConfig config = ImageStreams.config(1);
    List<EventGroup<ImageEvent>> groups = ImageStreams.groups(0, 160);
    ImageStreams.Recorder several = run(whole(config), groups);
    ImageStreams.Recorder one = run(new ImageLearnerFactory(config, 1).create(), groups);
    assertThat(several.embeddings)
        .extracting(ImageEmbedding::id)
        .containsExactlyInAnyOrderElementsOf(
            one.embeddings.stream().map(ImageEmbedding::id).toList());
    assertThat(several.total("images")).isEqualTo(160);
    // Each lane ends with a mini-batch that is not full, with steps of its own.
    assertThat(several.total("steps")).isBetween(one.total("steps"), one.total("steps") + 3 * 4);
    // A window closes with the round in which it is full: of 40 images, after 64 each.
    assertThat(several.of("window")).hasSize(3);
    assertThat(several.quarantined).isEmpty();
  }

  @Test
  void lanesTellShapesApartNearlyAsOneDoes() {
    ImageLearnerConfig config = ImageStreams.patient(3);
    LaneLayout layout = new LaneLayout(LANES, 64_000, 0.5);
    LanedLearner<ImageEvent> learner =
        new LanedLearner<>(new ImageReplicaFactory(config, layout, 2), layout);
    ImageStreams.Recorder output = run(learner, ImageStreams.groups(0, 1200));
    List<Double> accuracy =
        output.of("window").stream()
            .map(window -> window.figures().get("knn_top1_prequential_window"))
            .filter(value -> value != null)
            .toList();
    System.out.println("prequential kNN by windows, four lanes: " + accuracy);
    // One lane comes to .62 in its last 300.
    assertThat(accuracy.get(accuracy.size() - 1)).isGreaterThan(0.5);
    assertThat(accuracy.get(accuracy.size() - 1)).isGreaterThan(accuracy.get(0));
    assertThat(output.total("prototype_usage_entropy_share")).isGreaterThan(0.8);
    assertThat(1.0 / TexturedShapes.GROUPS).as("chance").isLessThan(0.11);
  }

  @Test
  void ratesThatBlowUpAreTakenBackSlowedDownAndTheRestGoesOn() throws IOException {
    ImageLearnerConfig config = ImageStreams.config(4);
    ImageLearnerConfig wild =
        config.with(
            config
                .training()
                .withRate(ImageLearnerConfig.Method.SGD, WILD_RATE)
                .withSchedule(ImageLearnerConfig.Schedule.CONSTANT, 1, 0));
    ImageStreams.Recorder output = new ImageStreams.Recorder();
    LaneSpread<ImageEvent> spread = new LaneSpread<>(factory(wild), LAYOUT, 2, output);
    spread.observe(ImageStreams.groups(0, 600));
    spread.finish();

    assertThat(spread.copies.get(0).digest()).isEqualTo(spread.copies.get(1).digest());
    assertThat(output.quarantined)
        .isNotEmpty()
        .extracting(DeadLetter::errorClass)
        .containsOnly("NonFinite");
    assertThat(output.quarantined.get(0).position().topic()).isEqualTo("images");
    LearningMetrics event = output.of("event").get(0);
    assertThat(event.labels()).containsEntry("event", "NonFinite").containsKey("advice");
    assertThat(output.total("quarantined")).isEqualTo(output.quarantined.size());
    assertThat(output.total("roll_backs")).isEqualTo(output.of("event").size());
    assertThat(output.embeddings).hasSize(600);
    assertThat(output.embeddings).allMatch(e -> Double.isFinite(e.norm()));
    List<ImageEmbedding> last = output.embeddings.subList(590, 600);
    assertThat(last).allMatch(e -> e.modelVersion() > 0);
  }

  @Test
  void collapseIsTakenBackAndNamed() {
    // No embedding is as spread as that: every step after the grace is a collapse.
    ImageLearnerConfig config = ImageStreams.config(4).with(new GuardConfig(4, 1.5, 0, 2, 2));
    ImageStreams.Recorder output = run(whole(config), ImageStreams.groups(0, 200));
    assertThat(output.of("event")).isNotEmpty();
    assertThat(output.of("event").get(0).labels()).containsEntry("event", "EmbeddingsCollapsed");
    assertThat(output.quarantined)
        .extracting(DeadLetter::errorClass)
        .containsOnly("EmbeddingsCollapsed");
    assertThat(output.embeddings).hasSize(200);
  }

  @Test
  void restoredCopyDescribesImagesAsTheOneThatLearned() throws IOException {
    ImageLearnerConfig config = ImageLearnerTest.withPatches(2);
    ImageReplica copy = factory(config).create();
    copy.open(0);
    ImageStreams.Recorder output = new ImageStreams.Recorder();
    List<EventGroup<ImageEvent>> groups = ImageStreams.groups(0, 40);
    groups.forEach(group -> copy.observe(0, group, output));
    copy.merge(new TreeMap<>(Map.of(0, copy.news(0))), output);
    ImageReplica read =
        factory(config).restore(LaneSpread.in(CanonicalState.bytesOf(copy::writeSharedTo)));
    List<ImageEvent> images = groups.get(0).events();
    List<Picture> pictures = images.stream().map(ImageEvent::picture).toList();
    assertThat(read.describe(images)).isEqualTo(copy.describe(images));
    assertThat(read.embed(pictures)).isDeepEqualTo(copy.embed(pictures));
    assertThat(read.clusters(pictures)).isEqualTo(copy.clusters(pictures));
    double[] grey = new double[3 * ImageStreams.SIDE * ImageStreams.SIDE];
    assertThat(read.encode(grey)).isEqualTo(copy.encode(grey));
  }

  @Test
  void stateOfAnotherLayoutIsRefused() throws IOException {
    LaneReplica<ImageEvent> replica = factory(ImageStreams.config(1)).create();
    byte[] shared = CanonicalState.bytesOf(replica::writeSharedTo);
    LaneLayout other = new LaneLayout(LANES, 7, 0.5);
    assertThatThrownBy(
            () ->
                new ImageReplicaFactory(ImageStreams.config(1), other, 1)
                    .restore(LaneSpread.in(shared)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("roundMillis=7")
        .hasMessageContaining("restore with the options of that run");
  }

  @Test
  void newsOfAnotherVersionAreRefused() {
    LaneReplica<ImageEvent> replica = factory(ImageStreams.config(1)).create();
    replica.open(0);
    SortedMap<Integer, byte[]> news = new TreeMap<>(Map.of(1, new byte[] {0, 0, 0, 9}));
    assertThatThrownBy(() -> replica.merge(news, new ImageStreams.Recorder()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 9");
  }
}
