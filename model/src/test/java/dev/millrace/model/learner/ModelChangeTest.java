package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.kernel.CpuKernels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ModelChangeTest {

  private static SequenceLearner learner(SequenceLearnerConfig config) {
    return new SequenceLearner(config, new CpuKernels(1));
  }

  @Test
  void changeOfAStepLeadsAnotherModelToTheSameBits() throws IOException {
    SequenceLearnerConfig config = Streams.withTable(Streams.config(1), 30, 1, Long.MAX_VALUE);
    SequenceLearner lane = learner(config);
    Streams.Recorder output = new Streams.Recorder();
    List<EventGroup<Interaction>> groups = Streams.groups(60, 3);
    groups.subList(0, 30).forEach(group -> lane.observe(group, output));
    SequenceLearner other = copy(config, lane);
    ModelSnapshot base = lane.snapshot();
    assertThat(other.snapshot()).isEqualTo(base);

    for (EventGroup<Interaction> group : groups.subList(30, 60)) {
      lane.observe(group, output);
      ModelChange change = lane.snapshot().changeSince(other.snapshot());
      other.apply(encodedAndDecoded(change));
      assertThat(other.snapshot()).isEqualTo(lane.snapshot());
      other.apply(change);
      assertThat(other.snapshot()).as("twice is once").isEqualTo(lane.snapshot());
    }
    assertThat(lane.snapshot()).isNotEqualTo(base);
    assertThat(lane.gauges().evictions()).isPositive();
  }

  @Test
  void nothingLearnedIsNoChange() {
    SequenceLearner lane = learner(Streams.config(1));
    ModelSnapshot base = lane.snapshot();
    ModelChange change = lane.snapshot().changeSince(base);
    assertThat(change.dense()).isEmpty();
    assertThat(change.items()).isEmpty();
  }

  @Test
  void changeOfAnotherShapeIsRefused() {
    SequenceLearner small = learner(Streams.config(1));
    SequenceLearner standard = learner(SequenceLearnerConfig.standard(1));
    ModelChange change = standard.snapshot().changeSince(new ModelSnapshot(0, Map.of(), Map.of()));
    assertThatThrownBy(() -> small.apply(change))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("both models need one configuration");
  }

  @Test
  void changeThatFitsInPartChangesNothing() {
    SequenceLearner learner = learner(Streams.config(1));
    Streams.Recorder output = new Streams.Recorder();
    Streams.groups(10, 3).forEach(group -> learner.observe(group, output));
    ModelSnapshot before = learner.snapshot();
    Map<String, float[]> dense = new TreeMap<>(before.dense());
    dense.replaceAll((name, values) -> new float[values.length]);
    ModelChange wrongVector =
        new ModelChange(99, dense, Map.of("i1", new float[3]), before.items().keySet());
    assertThatThrownBy(() -> learner.apply(wrongVector))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vector of 2 elements for the item 'i1', this table has 16");
    assertThat(learner.snapshot()).isEqualTo(before);
  }

  private static SequenceLearner copy(SequenceLearnerConfig config, SequenceLearner learner)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    learner.writeTo(new DataOutputStream(bytes));
    return SequenceLearner.readFrom(
        config,
        new CpuKernels(1),
        new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  private static ModelChange encodedAndDecoded(ModelChange change) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    change.writeTo(new DataOutputStream(bytes));
    ModelChange read =
        ModelChange.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    assertThat(read).isEqualTo(change);
    return read;
  }
}
