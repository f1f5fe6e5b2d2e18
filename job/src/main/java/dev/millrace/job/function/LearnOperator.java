package dev.millrace.job.function;

import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.StreamEvent;
import dev.millrace.model.learner.EventGroup;
import dev.millrace.model.learner.LearnerFactory;
import dev.millrace.model.learner.LearnerGauges;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;

/**
 * Drives a lane's learner with the lane's events, where each lane learns a model of its own: with
 * one lane there is nothing to wait for.
 *
 * <p>The learner itself lives outside Flink's state; a checkpoint writes its canonical bytes, in
 * chunks, into keyed state under the lane's key, and Flink's rescaling moves them with the key.
 *
 * <p>State: that of {@link EventTimeOperator}, and {@code learner}, the bytes of the lane ({@code
 * Lane}) as of the last checkpoint.
 *
 * @param <E> kind of event
 */
public final class LearnOperator<E extends StreamEvent> extends EventTimeOperator<E> {

  private static final long serialVersionUID = 1L;
  private static final String LEARNER_STATE = "learner";

  // configuration
  private final LearnerFactory<E> factory;

  // runtime
  private transient ListState<byte[]> chunks;
  private transient TreeMap<Integer, Lane<E>> lanes;

  /**
   * An operator for all lanes of a subtask.
   *
   * @param factory makes each lane's learner
   * @param laneOf number of the lane that has a key
   * @param eventType type of the events that wait in state
   * @param settings how it runs
   */
  public LearnOperator(
      LearnerFactory<E> factory,
      LaneNumbers laneOf,
      TypeInformation<E> eventType,
      LearnSettings settings) {
    super(laneOf, eventType, settings);
    this.factory = factory;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    chunks =
        context
            .getKeyedStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    LEARNER_STATE, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    if (context.isRestored()
        && context
            .getOperatorStateStore()
            .getRegisteredStateNames()
            .contains(LaneLearnOperator.REPLICA_STATE)) {
      throw new IllegalStateException(
          "the state was written by a job of several lanes and cannot go on with one: restore it"
              + " with the job.lanes of that run, or start without its state");
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    lanes = new TreeMap<>();
    factory.warmUp(settings.warmUp());
    scheduleProgress();
  }

  @Override
  LaneCounts counts() throws IOException {
    return lane().counts;
  }

  @Override
  void observe(EventGroup<E> group) throws IOException {
    Lane<E> lane = lane();
    lane.learner.observe(group, lane.outputs);
  }

  @Override
  Collection<LaneOutput> laneOutputs() {
    return lanes.values().stream().map(lane -> new LaneOutput(lane.outputs, lane.counts)).toList();
  }

  @Override
  LearnerGauges currentGauges(LearnerGauges otherwise) {
    return lanes.values().stream()
        .map(lane -> lane.learner.gauges())
        .reduce(LearnerGauges::plus)
        .orElse(otherwise);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    long bytes = 0;
    for (var entry : lanes.entrySet()) {
      setCurrentKey(entry.getKey());
      List<byte[]> written = entry.getValue().chunks();
      chunks.update(written);
      bytes += written.stream().mapToLong(chunk -> chunk.length).sum();
    }
    metrics.stateBytes(bytes);
    super.snapshotState(context);
  }

  @Override
  public void finish() throws Exception {
    try (Stream<Integer> keys =
        this.<Integer>getKeyedStateBackend().getKeys(LEARNER_STATE, VoidNamespace.INSTANCE)) {
      for (int key : keys.toList()) {
        setCurrentKey(key);
        lane();
      }
    }
    for (Lane<E> lane : lanes.values()) {
      lane.learner.finish(lane.outputs);
    }
    reportArrivals(MetricScopes.ARRIVALS);
    if (settings.models() != null) {
      writeModels();
    }
    updateGauges();
    super.finish();
  }

  private void writeModels() throws IOException {
    if (subtask() == 0) {
      settings.models().writeOptions();
    }
    for (var lane : lanes.entrySet()) {
      settings.models().write(laneOf.applyAsInt(lane.getKey()), lane.getValue().learner);
    }
  }

  @Override
  public void close() throws Exception {
    if (lanes != null) {
      lanes.values().forEach(Lane::close);
      lanes.clear();
    }
    super.close();
  }

  /** The lane of the current key: at work already, in state, or new. */
  private Lane<E> lane() throws IOException {
    int key = (Integer) getCurrentKey();
    Lane<E> lane = lanes.get(key);
    if (lane == null) {
      List<byte[]> stored = new ArrayList<>();
      try {
        chunks.get().forEach(stored::add);
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException("the state of lane " + key + " cannot be read", e);
      }
      SideOutputs outputs = outputsOf(laneOf.applyAsInt(key));
      lane =
          stored.isEmpty() ? Lane.fresh(factory, outputs) : Lane.restore(factory, outputs, stored);
      lanes.put(key, lane);
    }
    return lane;
  }
}
