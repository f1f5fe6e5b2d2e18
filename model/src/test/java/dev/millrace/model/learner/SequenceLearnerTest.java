package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.Recommendations;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.objective.Objectives;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceLearnerTest {

  private static SequenceLearner learner(SequenceLearnerConfig config) {
    return new SequenceLearner(config, new CpuKernels(1));
  }

  private static Streams.Recorder run(
      SequenceLearner learner, List<EventGroup<Interaction>> groups) {
    Streams.Recorder output = new Streams.Recorder();
    groups.forEach(group -> learner.observe(group, output));
    learner.finish(output);
    return output;
  }

  private static byte[] bytes(SequenceLearner learner) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    learner.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static SequenceLearner restored(SequenceLearnerConfig config, byte[] bytes)
      throws IOException {
    return SequenceLearner.readFrom(
        config, new CpuKernels(1), new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  @Test
  void sameSeedGivesSameStateAndAnotherSeedAnother() {
    List<EventGroup<Interaction>> groups = Streams.groups(60, 1);
    SequenceLearner first = learner(Streams.config(1));
    SequenceLearner second = learner(Streams.config(1));
    SequenceLearner other = learner(Streams.config(2));
    Streams.Recorder of = run(first, groups);
    Streams.Recorder again = run(second, groups);
    run(other, groups);
    assertThat(first.digest()).isEqualTo(second.digest()).isNotEqualTo(other.digest());
    assertThat(of.embeddings).isEqualTo(again.embeddings).isNotEmpty();
    assertThat(of.recommendations).isEqualTo(again.recommendations).isNotEmpty();
    assertThat(of.metrics).isEqualTo(again.metrics);
  }

  @Test
  void numberOfThreadsChangesNothing() {
    List<EventGroup<Interaction>> groups = Streams.groups(60, 1);
    SequenceLearner one = learner(Streams.config(1));
    SequenceLearner four = new SequenceLearner(Streams.config(1), new CpuKernels(4));
    run(one, groups);
    run(four, groups);
    assertThat(four.digest()).isEqualTo(one.digest());
    four.close();
  }

  /** Every objective that histories can feed. */
  static Stream<Objectives> fed() {
    return Arrays.stream(Objectives.values())
        .filter(objective -> SequenceLearnerConfig.refusal(objective).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("fed")
  void restoredLearnerContinuesExactly(Objectives objective) throws IOException {
    SequenceLearnerConfig config = Streams.config(3).withObjective(objective.key());
    List<EventGroup<Interaction>> groups = Streams.groups(50, 2);
    SequenceLearner whole = learner(config);
    Streams.Recorder expected = run(whole, groups);
    for (int cut : new int[] {1, 7, 23, 24, 25, 49}) {
      SequenceLearner first = learner(config);
      Streams.Recorder output = new Streams.Recorder();
      groups.subList(0, cut).forEach(group -> first.observe(group, output));
      byte[] state = bytes(first);
      SequenceLearner second = restored(config, state);
      assertThat(bytes(second)).as("state is canonical").isEqualTo(state);
      groups.subList(cut, groups.size()).forEach(group -> second.observe(group, output));
      second.finish(output);
      assertThat(second.digest()).as("cut at %d", cut).isEqualTo(whole.digest());
      assertThat(output.embeddings).isEqualTo(expected.embeddings);
      assertThat(output.recommendations).isEqualTo(expected.recommendations);
      assertThat(output.metrics).isEqualTo(expected.metrics);
    }
  }

  @Test
  void learnsTheStructureThatPopularityCannotSee() {
    SequenceLearner learner = learner(Streams.config(1));
    Streams.Recorder output = run(learner, Streams.groups(400, 5));
    assertThat(output.total("all/model/recall_at_10"))
        .isGreaterThan(1.3 * output.total("all/popularity/recall_at_10"));
  }

  @Test
  void basketIsRankedByWhatWasRecommendedBeforeIt() {
    // The ranker's scores change with time, the learner's alone do not.
    SequenceLearnerConfig config =
        Streams.neverTraining(Streams.config(1)).withRanker(Streams.RANKER.withEnabled(false));
    SequenceLearner learner = learner(config);
    Streams.Recorder output = new Streams.Recorder();
    SeededRandom random = new SeededRandom(8);
    for (int g = 0; g < 60; g++) {
      List<Interaction> basket = new ArrayList<>();
      Set<String> items = new LinkedHashSet<>();
      for (int i = 0; i < 4; i++) {
        items.add("i" + random.nextInt(60));
      }
      for (String item : items) {
        basket.add(Streams.event("u", item, 60_000L * g, 10L * g + basket.size()));
      }
      List<String> recommended =
          g == 0
              ? List.of()
              : output.recommendations.get(g - 1).items().stream()
                  .map(Recommendations.ScoredItem::item)
                  .toList();
      learner.observe(new EventGroup<>(60_000L * g, basket), output);
      if (g > 0) {
        long hits = items.stream().filter(recommended::contains).count();
        assertThat(output.metrics).hasSize(g);
        assertThat(output.total("all/model/recall_at_20") * items.size())
            .as("basket %d", g)
            .isCloseTo(hits, within(1e-9));
      }
    }
  }

  @Test
  void lateEventIsTakenAsOfTheLatestTime() {
    List<EventGroup<Interaction>> groups = Streams.groups(30, 6);
    SequenceLearner late = learner(Streams.config(1));
    SequenceLearner onTime = learner(Streams.config(1));
    Streams.Recorder output = new Streams.Recorder();
    groups.forEach(group -> late.observe(group, output));
    groups.forEach(group -> onTime.observe(group, output));
    long latest = groups.get(groups.size() - 1).eventTime();
    late.observe(new EventGroup<>(5, List.of(Streams.event("u3", "i31", 5, 9_000))), output);
    onTime.observe(
        new EventGroup<>(latest, List.of(Streams.event("u3", "i31", latest, 9_000))), output);
    assertThat(late.digest()).isEqualTo(onTime.digest());
  }

  @Test
  void stateOfAnotherConfigurationIsRefused() throws IOException {
    SequenceLearner learner = learner(Streams.config(1));
    run(learner, Streams.groups(5, 1));
    byte[] state = bytes(learner);
    assertThatThrownBy(() -> restored(Streams.config(2), state))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("seed=1")
        .hasMessageContaining("seed=2");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 12, 30})
  void fullTableEvictsWithATombstoneAndGoesOn(int rows) throws IOException {
    SequenceLearnerConfig config = Streams.withTable(Streams.config(1), rows, 1, Long.MAX_VALUE);
    List<EventGroup<Interaction>> groups = Streams.groups(40, 7);
    SequenceLearner learner = learner(config);
    Streams.Recorder output = run(learner, groups);
    assertThat(output.embeddings).anyMatch(Embedding::isTombstone);
    assertThat(learner.gauges().tableRows()).isLessThanOrEqualTo(rows);
    assertThat(learner.gauges().evictions()).isPositive();
    SequenceLearner again = restored(config, bytes(learner));
    assertThat(again.digest()).isEqualTo(learner.digest());
  }

  @Test
  void unusedItemsExpireAndUnseenOnesAreNotAdmitted() {
    SequenceLearnerConfig config = Streams.withTable(Streams.config(1), 100, 3, 10 * 60_000L);
    SequenceLearner learner = learner(config);
    Streams.Recorder output = run(learner, Streams.groups(60, 8));
    assertThat(learner.gauges().tableRows()).isBetween(1L, 49L);
    assertThat(output.embeddings).anyMatch(Embedding::isTombstone);
  }

  @Test
  void nativeMemoryStaysFlat() {
    SequenceLearnerConfig config = Streams.config(1).withObjective("info-nce");
    SequenceLearner learner = learner(config);
    List<EventGroup<Interaction>> groups = Streams.groups(600, 9);
    Streams.Recorder output = new Streams.Recorder();
    groups.subList(0, 200).forEach(group -> learner.observe(group, output));
    long after200 = learner.gauges().nativeBytes();
    groups.subList(200, 600).forEach(group -> learner.observe(group, output));
    assertThat(learner.gauges().nativeBytes()).isEqualTo(after200).isPositive();
    assertThat(learner.gauges().bankSize()).isPositive();
  }

  /** As a nightly import gives them: more users of one time than are scored at once. */
  @Test
  void manyUsersOfOneTimeAreRankedAsEachAloneWouldBe() throws IOException {
    SequenceLearnerConfig config = Streams.neverTraining(Streams.config(1));
    SequenceLearner all = learner(config);
    List<EventGroup<Interaction>> before = Streams.groups(40, 4);
    Streams.Recorder output = new Streams.Recorder();
    before.forEach(group -> all.observe(group, output));
    List<Interaction> many = new ArrayList<>();
    for (int user = 0; user < 150; user++) {
      many.add(Streams.event("new" + user, "i" + user % 50, 9_000_000, 10_000 + user));
    }
    all.observe(new EventGroup<>(9_000_000, many), output);
    SequenceLearner alone = restored(config, bytes(all));
    Streams.Recorder together = new Streams.Recorder();
    List<Interaction> again = new ArrayList<>();
    for (int user = 0; user < 150; user++) {
      again.add(Streams.event("new" + user, "i" + (user + 1) % 50, 9_100_000, 20_000 + user));
    }
    all.observe(new EventGroup<>(9_100_000, again), together);
    assertThat(together.embeddings).hasSize(150);
    for (int user : new int[] {0, 63, 64, 127, 128, 149}) {
      SequenceLearner copy = restored(config, bytes(alone));
      Streams.Recorder single = new Streams.Recorder();
      copy.observe(new EventGroup<>(9_100_000, List.of(again.get(user))), single);
      assertThat(single.embeddings.get(0).vector())
          .containsExactly(together.embeddings.get(user).vector(), within(1e-5f));
    }
  }

  @Test
  void manyBasketsOfOneTimeAreSeveralSteps() {
    SequenceLearner learner = learner(Streams.config(1));
    List<Interaction> many = new ArrayList<>();
    for (int user = 0; user < 41; user++) {
      many.add(Streams.event("u" + user, "i" + user, 60_000, user));
    }
    Streams.Recorder output = new Streams.Recorder();
    learner.observe(new EventGroup<>(60_000, many), output);
    // Mini-batches of four; nine of them and a last one of five, each published.
    assertThat(learner.gauges().modelVersion()).isEqualTo(10);
    assertThat(output.embeddings.stream().filter(e -> e.kind() == Embedding.Kind.ITEM)).hasSize(41);
  }

  @Test
  void itemEvictedAndAdmittedAgainInOneGroupHasNoTombstone() {
    SequenceLearnerConfig config =
        Streams.withTable(Streams.neverTraining(Streams.config(1)), 2, 1, Long.MAX_VALUE);
    SequenceLearner learner = learner(config);
    Streams.Recorder output = new Streams.Recorder();
    List<Interaction> events = new ArrayList<>();
    List<String> items = List.of("a", "b", "a", "b", "c", "d", "a", "b");
    for (String item : items) {
      events.add(Streams.event("u" + events.size(), item, 60_000, events.size()));
    }
    learner.observe(new EventGroup<>(60_000, events), output);
    assertThat(learner.gauges().evictions()).isPositive();
    Set<String> gone =
        output.embeddings.stream()
            .filter(Embedding::isTombstone)
            .map(Embedding::id)
            .collect(java.util.stream.Collectors.toSet());
    // The table has two rows, those of the last two items.
    assertThat(gone).containsExactlyInAnyOrder("c", "d");
    assertThat(output.embeddings.stream().filter(Embedding::isTombstone)).hasSize(gone.size());
  }
}
