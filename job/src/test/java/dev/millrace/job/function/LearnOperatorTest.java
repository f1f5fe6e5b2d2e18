package dev.millrace.job.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.connectors.rounds.RoundLogConfig;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.job.TestJobs;
import dev.millrace.job.config.ConfigFile;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.LearnedStream;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.job.topology.InteractionTopology;
import dev.millrace.job.topology.LaneKeys;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Recommendations;
import dev.millrace.model.learner.OnlineLearner;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnOperatorTest {

  private static final int MAX = InteractionTopology.MAX_PARALLELISM;

  private JobConfig config = TestJobs.config(Map.of());
  private final LaneKeys<Interaction> keys = LaneKeys.of(1, MAX);

  @TempDir private Path directory;
  private ModelDirectory models;

  private final class Harness implements AutoCloseable {

    final KeyedOneInputStreamOperatorTestHarness<Integer, Interaction, Embedding> flink;

    Harness(LatePolicy policy, int parallelism, int subtask) throws Exception {
      flink =
          new KeyedOneInputStreamOperatorTestHarness<>(
              new LearnOperator<>(
                  config.learnerFactory(),
                  keys::laneOf,
                  RecordTypes.INTERACTION,
                  new LearnSettings("", policy, 1_000_000, Duration.ZERO, LearnDevice.CPU, models)),
              keys,
              Types.INT,
              MAX,
              parallelism,
              subtask);
    }

    Harness open(OperatorSubtaskState state) throws Exception {
      flink.setup(
          RecordTypes.EMBEDDING.createSerializer(
              new org.apache.flink.api.common.serialization.SerializerConfigImpl()));
      if (state != null) {
        flink.initializeState(state);
      }
      flink.open();
      return this;
    }

    void send(List<Interaction> events) throws Exception {
      for (Interaction event : events) {
        flink.processElement(new StreamRecord<>(event, event.eventTime()));
      }
    }

    List<Object> made() {
      List<Object> made = new ArrayList<>(flink.extractOutputValues());
      values(Recommendations.class).forEach(made::add);
      metrics().stream().filter(m -> !MetricScopes.is(MetricScopes.ARRIVALS, m)).forEach(made::add);
      return made;
    }

    List<Recommendations> values(Class<Recommendations> type) {
      var queue = flink.getSideOutput(LearnOutputs.RECOMMENDATIONS);
      return queue == null ? List.of() : queue.stream().map(StreamRecord::getValue).toList();
    }

    List<LearningMetrics> metrics() {
      var queue = flink.getSideOutput(LearnOutputs.METRICS);
      return queue == null ? List.of() : queue.stream().map(StreamRecord::getValue).toList();
    }

    LearningMetrics metrics(String scope) {
      return metrics().stream()
          .filter(m -> MetricScopes.is(scope, m))
          .reduce((first, second) -> second)
          .orElseThrow();
    }

    String finishAndDigest() throws Exception {
      flink.processWatermark(Long.MAX_VALUE);
      flink.endInput();
      flink.getOperator().finish();
      return metrics(MetricScopes.TOTAL).labels().get(MetricScopes.MODEL_DIGEST);
    }

    @Override
    public void close() throws Exception {
      flink.close();
    }
  }

  private Harness fresh() throws Exception {
    return new Harness(LatePolicy.LEARN, 1, 0).open(null);
  }

  @Test
  void eventsWaitForTheWatermark() throws Exception {
    try (Harness harness = fresh()) {
      List<Interaction> events = TestJobs.interactions(4, 1);
      harness.send(events);
      assertThat(harness.flink.extractOutputValues()).isEmpty();
      harness.flink.processWatermark(TestJobs.START);
      assertThat(harness.flink.extractOutputValues())
          .isNotEmpty()
          .allMatch(embedding -> embedding.eventTime() == TestJobs.START);
    }
  }

  @Test
  void orderOfArrivalChangesNothing() throws Exception {
    List<Interaction> events = TestJobs.interactions(120, 2);
    List<Interaction> shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, new Random(5));
    try (Harness inOrder = fresh();
        Harness outOfOrder = fresh()) {
      inOrder.send(events);
      outOfOrder.send(shuffled);
      String digest = inOrder.finishAndDigest();
      assertThat(outOfOrder.finishAndDigest()).isEqualTo(digest);
      assertThat(outOfOrder.made()).isEqualTo(inOrder.made());
    }
  }

  @Test
  void restoredOperatorContinuesExactlyInAnySubtask() throws Exception {
    List<Interaction> events = TestJobs.interactions(150, 3);
    String expected;
    List<Object> made;
    try (Harness whole = fresh()) {
      whole.send(events);
      expected = whole.finishAndDigest();
      made = whole.made();
    }
    int cut = 333;
    long watermark = events.get(cut).eventTime() - 3 * 60_000L;
    List<Object> both = new ArrayList<>();
    OperatorSubtaskState state;
    try (Harness first = fresh()) {
      first.send(events.subList(0, cut));
      first.flink.processWatermark(watermark);
      state = first.flink.snapshot(1, 1);
      both.addAll(first.flink.extractOutputValues());
    }
    // The lane's key group lies in the first of three subtasks.
    OperatorSubtaskState moved =
        KeyedOneInputStreamOperatorTestHarness.repartitionOperatorState(state, MAX, 1, 3, 0);
    try (Harness second = new Harness(LatePolicy.LEARN, 3, 0).open(moved)) {
      second.send(events.subList(cut, events.size()));
      assertThat(second.finishAndDigest()).isEqualTo(expected);
      both.addAll(second.flink.extractOutputValues());
    }
    assertThat(both).isEqualTo(made.stream().filter(Embedding.class::isInstance).toList());
  }

  @Test
  void stateOfOneLaneIsRefusedBySeveral() throws Exception {
    OperatorSubtaskState state;
    try (Harness one = fresh()) {
      one.send(TestJobs.interactions(20, 3));
      one.flink.processWatermark(TestJobs.START + 4 * 60_000L);
      state = one.flink.snapshot(1, 1);
    }
    JobConfig several = TestJobs.config(Map.of("job.lanes", "2"));
    LaneKeys<Interaction> two = LaneKeys.of(2, MAX);
    try (KeyedOneInputStreamOperatorTestHarness<Integer, Interaction, Embedding> flink =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new LaneLearnOperator<>(
                several.replicaFactory(),
                several.laneLayout(),
                new RoundLogConfig("localhost:1", "none", "run", 0),
                two.keys(),
                two::laneOf,
                RecordTypes.INTERACTION,
                several.learnSettings(LearnedStream.INTERACTIONS)),
            two,
            Types.INT,
            MAX,
            1,
            0)) {
      flink.setup(
          RecordTypes.EMBEDDING.createSerializer(
              new org.apache.flink.api.common.serialization.SerializerConfigImpl()));
      flink.initializeState(state);
      assertThatThrownBy(flink::open)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("written by a job of one lane")
          .hasMessageContaining("job.lanes 1");
    }
  }

  /** Writes state under the name that several lanes share theirs by. */
  private static final class SharedState extends AbstractStreamOperator<Embedding>
      implements OneInputStreamOperator<Interaction, Embedding> {

    private static final long serialVersionUID = 1L;

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
      super.initializeState(context);
      context
          .getOperatorStateStore()
          .getUnionListState(
              new ListStateDescriptor<>(
                  LaneLearnOperator.REPLICA_STATE,
                  PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO))
          .add(new byte[] {1});
    }

    @Override
    public void processElement(StreamRecord<Interaction> record) {}
  }

  @Test
  void stateOfSeveralLanesIsRefusedByOne() throws Exception {
    OperatorSubtaskState state;
    try (KeyedOneInputStreamOperatorTestHarness<Integer, Interaction, Embedding> several =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new SharedState(), keys, Types.INT, MAX, 1, 0)) {
      several.open();
      state = several.snapshot(1, 1);
    }
    // Not closed: the harness would finish an operator that never opened.
    Harness one = new Harness(LatePolicy.LEARN, 1, 0);
    assertThatThrownBy(() -> one.open(state))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("written by a job of several lanes")
        .hasMessageContaining("job.lanes of that run");
  }

  @Test
  void lateEventIsCountedAndLearnedOrDropped() throws Exception {
    List<Interaction> events = TestJobs.interactions(20, 4);
    Interaction late = TestJobs.interactions(1, 9).get(0);
    for (LatePolicy policy : LatePolicy.values()) {
      try (Harness harness = new Harness(policy, 1, 0).open(null)) {
        harness.send(events);
        harness.flink.processWatermark(TestJobs.START + 4 * 60_000L);
        harness.send(List.of(late));
        harness.finishAndDigest();
        Map<String, Double> arrivals = harness.metrics(MetricScopes.ARRIVALS).figures();
        boolean learned = policy == LatePolicy.LEARN;
        assertThat(arrivals)
            .containsEntry(MetricScopes.EVENTS, events.size() + 1.0)
            .containsEntry(MetricScopes.LATE, 1.0)
            .containsEntry(MetricScopes.DROPPED, learned ? 0.0 : 1.0);
        assertThat(harness.metrics(MetricScopes.TOTAL).figures())
            .containsEntry(MetricScopes.EVENTS, events.size() + (learned ? 1.0 : 0.0));
      }
    }
  }

  @Test
  void modelLeftAtTheEndIsRestoredByTheOptionsBesideIt() throws Exception {
    Path target = directory.resolve("models");
    config =
        TestJobs.config(
            Map.of(
                "job.model-directory",
                target.toString(),
                "learn.objective",
                "dcl",
                "learn.objective-parameters.tau",
                "0.3"));
    models = config.learnSettings(LearnedStream.INTERACTIONS).models();
    String digest;
    try (Harness harness = fresh()) {
      harness.send(TestJobs.interactions(60, 6));
      digest = harness.finishAndDigest();
    }
    JobConfig restored = JobConfig.of(ConfigFile.read(target.resolve(ModelDirectory.OPTIONS)));
    assertThat(restored.learner().training().objectiveParameters()).containsEntry("tau", "0.3");
    try (DataInputStream in =
            new DataInputStream(
                new BufferedInputStream(Files.newInputStream(target.resolve("lane-0.model"))));
        OnlineLearner<Interaction> learner = restored.learnerFactory().restore(in)) {
      assertThat(learner.digest()).isEqualTo(digest);
    }
    try (Stream<Path> files = Files.list(target)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("lane-0.model", "model.yaml");
    }
  }

  @Test
  void jobOfBothStreamsLeavesTheirModelsApart() {
    JobConfig both =
        TestJobs.config(
            Map.of("job.streams", "images, interactions", "job.model-directory", "/tmp/m"));
    assertThat(both.learnSettings(LearnedStream.IMAGES).models().uri())
        .isEqualTo("file:///tmp/m/images");
    assertThat(both.learnSettings(LearnedStream.INTERACTIONS).models().uri())
        .isEqualTo("file:///tmp/m/interactions");
  }
}
