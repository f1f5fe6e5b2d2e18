package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.CpuKernels;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceReplicaTest {

  private static final int LANES = 4;
  private static final LaneLayout LAYOUT = new LaneLayout(LANES, 180_000, 0.5);

  private static SequenceReplicaFactory factory(SequenceLearnerConfig config) {
    return new SequenceReplicaFactory(config, LAYOUT, () -> new CpuKernels(1));
  }

  private static LanedLearner<Interaction> whole(SequenceLearnerConfig config) {
    return new LanedLearner<>(factory(config), LAYOUT);
  }

  private static Streams.Recorder run(
      OnlineLearner<Interaction> learner, List<EventGroup<Interaction>> groups) {
    Streams.Recorder output = new Streams.Recorder();
    groups.forEach(group -> learner.observe(group, output));
    learner.finish(output);
    return output;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void whereALaneIsAtWorkChangesNothing(int count) throws IOException {
    List<EventGroup<Interaction>> groups = Streams.groups(120, 1);
    LanedLearner<Interaction> whole = whole(Streams.config(1));
    Streams.Recorder expected = run(whole, groups);

    Streams.Recorder output = new Streams.Recorder();
    LaneSpread<Interaction> spread =
        new LaneSpread<>(factory(Streams.config(1)), LAYOUT, count, output);
    spread.observe(groups);
    spread.finish();

    assertThat(spread.copies).extracting(LaneReplica::digest).containsOnly(whole.digest());
    assertThat(output.embeddings).containsExactlyInAnyOrderElementsOf(expected.embeddings);
    assertThat(output.recommendations)
        .containsExactlyInAnyOrderElementsOf(expected.recommendations);
    assertThat(output.metrics).isEqualTo(expected.metrics);
  }

  @Test
  void lanesThatMoveInMidRoundChangeNothing() throws IOException {
    List<EventGroup<Interaction>> groups = Streams.groups(120, 2);
    LanedLearner<Interaction> whole = whole(Streams.config(3));
    run(whole, groups);

    LaneSpread<Interaction> first =
        new LaneSpread<>(factory(Streams.config(3)), LAYOUT, 2, new Streams.Recorder());
    int cut = groups.size() / 2 + 3;
    first.observe(groups.subList(0, cut));
    assertThat(first.anyNews()).isTrue();
    LaneSpread<Interaction> second = new LaneSpread<>(factory(Streams.config(3)), 3, first);
    second.observe(groups.subList(cut, groups.size()));
    second.finish();

    assertThat(second.copies).extracting(LaneReplica::digest).containsOnly(whole.digest());
  }

  @Test
  void restoredLearnerOfAllLanesGoesOnExactly() throws IOException {
    List<EventGroup<Interaction>> groups = Streams.groups(100, 4);
    LanedLearner<Interaction> whole = whole(Streams.config(5));
    Streams.Recorder expected = run(whole, groups);
    LanedLearner<Interaction> first = whole(Streams.config(5));
    Streams.Recorder both = new Streams.Recorder();
    groups.subList(0, 47).forEach(group -> first.observe(group, both));
    LanedLearner<Interaction> second =
        LanedLearner.readFrom(
            factory(Streams.config(5)),
            LAYOUT,
            LaneSpread.in(CanonicalState.bytesOf(first::writeTo)));
    groups.subList(47, groups.size()).forEach(group -> second.observe(group, both));
    second.finish(both);
    assertThat(second.digest()).isEqualTo(whole.digest());
    assertThat(both.embeddings).isEqualTo(expected.embeddings);
    assertThat(both.recommendations).isEqualTo(expected.recommendations);
  }

  @Test
  void countsAreThoseOfOneLane() {
    List<EventGroup<Interaction>> groups = Streams.groups(150, 6);
    SequenceLearner alone = new SequenceLearner(Streams.config(1), new CpuKernels(1));
    Streams.Recorder one = run(alone, groups);
    Streams.Recorder four = run(whole(Streams.config(1)), groups);
    Map<String, Double> single = one.metrics.get(one.metrics.size() - 1).figures();
    Map<String, Double> several = four.metrics.get(four.metrics.size() - 1).figures();
    assertThat(several).containsEntry("events", single.get("events"));
    // Users come again in mid-round seldom: nearly all targets are ranked, by counts of a round
    // ago.
    assertThat(several.get("all/evaluated")).isGreaterThan(0.9 * single.get("all/evaluated"));
    assertThat(several.get("all/model/recall_at_20"))
        .isGreaterThan(0.9 * single.get("all/model/recall_at_20"));
  }

  @Test
  void stateOfAnotherLayoutIsRefused() throws IOException {
    LaneReplica<Interaction> replica = factory(Streams.config(1)).create();
    byte[] shared = CanonicalState.bytesOf(replica::writeSharedTo);
    LaneLayout other = new LaneLayout(LANES, 7, 0.5);
    assertThatThrownBy(
            () ->
                new SequenceReplicaFactory(Streams.config(1), other, () -> new CpuKernels(1))
                    .restore(LaneSpread.in(shared)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("roundMillis=7")
        .hasMessageContaining("restore with the options of that run");
  }

  @Test
  void objectivesWithStateOfTheirOwnAreRefused() {
    assertThatThrownBy(() -> factory(Streams.config(1).withObjective("info-nce")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("info-nce")
        .hasMessageContaining("set the number of lanes to 1");
  }

  @Test
  void newsOfAnotherVersionAreRefused() {
    LaneReplica<Interaction> replica = factory(Streams.config(1)).create();
    replica.open(0);
    SortedMap<Integer, byte[]> news = new TreeMap<>(Map.of(1, new byte[] {0, 0, 0, 9}));
    assertThatThrownBy(() -> replica.merge(news, new Streams.Recorder()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 9");
  }
}
