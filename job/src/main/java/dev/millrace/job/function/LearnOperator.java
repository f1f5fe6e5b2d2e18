package dev.millrace.job.function;

import dev.millrace.job.metrics.LearnMetrics;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.StreamEvent;
import dev.millrace.model.learner.EventGroup;
import dev.millrace.model.learner.LearnerFactory;
import dev.millrace.model.learner.LearnerGauges;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Puts a lane's events into the order of event time and drives the lane's learner with them.
 *
 * <p>An event waits in keyed state until the watermark has passed its time; then all events of that
 * time, ordered by (partition, offset), are one {@link EventGroup}. So the learner meets the same
 * groups whatever the order of arrival. The learner itself lives outside Flink's state; a
 * checkpoint writes its canonical bytes, in chunks, into keyed state under the lane's key, and
 * Flink's rescaling moves them with the key.
 *
 * <p>An event that comes after its time was closed is late: it is counted, and learned from at once
 * or dropped.
 *
 * <p>State: {@code waiting}, event time to the events that wait; {@code learner}, the bytes of the
 * lane ({@code Lane}) as of the last checkpoint.
 *
 * @param <E> kind of event
 */
public final class LearnOperator<E extends StreamEvent> extends AbstractStreamOperator<Embedding>
    implements OneInputStreamOperator<E, Embedding>, Triggerable<Integer, VoidNamespace> {

  private static final long serialVersionUID = 1L;
  private static final String LEARNER_STATE = "learner";

  /** From the key of a lane to its number. */
  public interface LaneNumbers extends IntUnaryOperator, Serializable {}

  // configuration
  private final LearnerFactory<E> factory;
  private final LaneNumbers laneOf;
  private final TypeInformation<E> eventType;
  private final LearnSettings settings;

  // runtime
  private transient MapState<Long, List<E>> waiting;
  private transient ListState<byte[]> chunks;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient TreeMap<Integer, Lane<E>> lanes;
  private transient LearnMetrics metrics;
  private transient volatile LearnerGauges gauges;

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
    this.factory = factory;
    this.laneOf = laneOf;
    this.eventType = eventType;
    this.settings = settings;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    waiting =
        context
            .getKeyedStateStore()
            .getMapState(new MapStateDescriptor<>("waiting", Types.LONG, Types.LIST(eventType)));
    chunks =
        context
            .getKeyedStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    LEARNER_STATE, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
  }

  @Override
  public void open() throws Exception {
    super.open();
    settings.device().bind(getRuntimeContext());
    lanes = new TreeMap<>();
    gauges = new LearnerGauges(0, 0, 0, Double.NaN, 0, 0, 0, 0, 0);
    metrics = new LearnMetrics(getMetricGroup(), () -> gauges);
    timers = getInternalTimerService("close-time", VoidNamespaceSerializer.INSTANCE, this);
    factory.warmUp(settings.warmUp());
    scheduleProgress();
  }

  @Override
  public void processElement(StreamRecord<E> record) throws Exception {
    E event = record.getValue();
    Lane<E> lane = lane();
    lane.received++;
    metrics.events.inc();
    if (event.eventTime() <= timers.currentWatermark()) {
      takeLate(lane, event);
      return;
    }
    List<E> events = waiting.get(event.eventTime());
    if (events == null) {
      events = new ArrayList<>();
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, event.eventTime());
    }
    events.add(event);
    waiting.put(event.eventTime(), events);
  }

  private void takeLate(Lane<E> lane, E event) {
    lane.late++;
    metrics.late.inc();
    if (settings.latePolicy() == LatePolicy.DROP) {
      lane.dropped++;
      metrics.dropped.inc();
    } else {
      lane.learner.observe(new EventGroup<>(event.eventTime(), List.of(event)), lane.outputs);
      updateGauges();
    }
  }

  @Override
  public void onEventTime(InternalTimer<Integer, VoidNamespace> timer) throws Exception {
    long time = timer.getTimestamp();
    List<E> events = waiting.get(time);
    waiting.remove(time);
    events = new ArrayList<>(events);
    events.sort(Comparator.comparing(StreamEvent::position));
    Lane<E> lane = lane();
    lane.learner.observe(new EventGroup<>(time, events), lane.outputs);
    lane.closedTime = time;
    updateGauges();
  }

  @Override
  public void onProcessingTime(InternalTimer<Integer, VoidNamespace> timer) {
    throw new IllegalStateException("no processing-time timer is registered");
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
      lane.outputs.arrivals(MetricScopes.ARRIVALS, lane, lane.closedTime);
    }
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

  private int subtask() {
    return getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
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
      SideOutputs outputs =
          new SideOutputs(
              output,
              metrics.freshness,
              MetricScopes.lane(settings.scope(), laneOf.applyAsInt(key)));
      lane =
          stored.isEmpty() ? Lane.fresh(factory, outputs) : Lane.restore(factory, outputs, stored);
      lanes.put(key, lane);
    }
    return lane;
  }

  private void updateGauges() {
    gauges =
        lanes.values().stream()
            .map(lane -> lane.learner.gauges())
            .reduce(LearnerGauges::plus)
            .orElse(gauges);
    metrics.addFigures();
  }

  private void scheduleProgress() {
    long next = getProcessingTimeService().getCurrentProcessingTime() + settings.progressMillis();
    getProcessingTimeService()
        .registerTimer(
            next,
            time -> {
              if (lanes.isEmpty()) {
                output.collect(LearnOutputs.METRICS, new StreamRecord<>(idle()));
              }
              lanes
                  .values()
                  .forEach(
                      lane -> lane.outputs.arrivals(MetricScopes.PROGRESS, lane, lane.closedTime));
              scheduleProgress();
            });
  }

  /** Says that this subtask is ready for its first event. */
  private LearningMetrics idle() {
    String scope = settings.scope() + "subtask-" + subtask() + "/" + MetricScopes.PROGRESS;
    return MetricScopes.arrivals(scope, 0, 0, 0, 0, metrics.freshness);
  }
}
