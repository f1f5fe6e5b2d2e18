package dev.millrace.job.function;

import dev.millrace.job.metrics.LearnMetrics;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.StreamEvent;
import dev.millrace.model.learner.EventGroup;
import dev.millrace.model.learner.LearnerGauges;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Puts a lane's events into the order of event time.
 *
 * <p>An event waits in keyed state until the watermark has passed its time; then all events of that
 * time, ordered by (partition, offset), are one {@link EventGroup}. So a learner meets the same
 * groups whatever the order of arrival. An event that comes after its time was closed is late: it
 * is counted, and learned from at once or dropped.
 *
 * <p>State: {@code waiting}, event time to the events that wait, under the lane's key.
 *
 * @param <E> kind of event
 */
abstract class EventTimeOperator<E extends StreamEvent> extends AbstractStreamOperator<Embedding>
    implements OneInputStreamOperator<E, Embedding>, Triggerable<Integer, VoidNamespace> {

  private static final long serialVersionUID = 1L;

  /** From the key of a lane to its number. */
  public interface LaneNumbers extends IntUnaryOperator, Serializable {}

  // configuration
  final LaneNumbers laneOf;
  final LearnSettings settings;
  private final TypeInformation<E> eventType;

  // runtime
  transient MapState<Long, List<E>> waiting;
  transient InternalTimerService<VoidNamespace> timers;
  transient LearnMetrics metrics;
  private transient volatile LearnerGauges gauges;

  EventTimeOperator(LaneNumbers laneOf, TypeInformation<E> eventType, LearnSettings settings) {
    this.laneOf = laneOf;
    this.eventType = eventType;
    this.settings = settings;
  }

  /** Counts of the current key's lane. */
  abstract LaneCounts counts() throws IOException;

  /** The learner of the current key's lane meets the events of one time. */
  abstract void observe(EventGroup<E> group) throws IOException;

  /** An event of the current key's lane waits from now on. */
  void waits(long eventTime) {}

  /** The current key's lane has met the events of a time that waited. */
  void observed(long eventTime) {}

  /** Outputs of the lanes that are at work here, with their counts. */
  abstract Collection<LaneOutput> laneOutputs();

  /** Sums over the learners of this subtask. */
  abstract LearnerGauges currentGauges(LearnerGauges otherwise);

  /** A lane's way out. */
  record LaneOutput(SideOutputs outputs, LaneCounts counts) {}

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    waiting =
        context
            .getKeyedStateStore()
            .getMapState(new MapStateDescriptor<>("waiting", Types.LONG, Types.LIST(eventType)));
  }

  @Override
  public void open() throws Exception {
    super.open();
    settings.device().bind(getRuntimeContext());
    gauges = new LearnerGauges(0, 0, 0, Double.NaN, 0, 0, 0, 0, 0);
    metrics = new LearnMetrics(getMetricGroup(), () -> gauges);
    timers = getInternalTimerService("close-time", VoidNamespaceSerializer.INSTANCE, this);
  }

  @Override
  public void processElement(StreamRecord<E> record) throws Exception {
    E event = record.getValue();
    counts().received++;
    metrics.events.inc();
    if (event.eventTime() <= timers.currentWatermark()) {
      takeLate(event);
      return;
    }
    List<E> events = waiting.get(event.eventTime());
    if (events == null) {
      events = new ArrayList<>();
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, event.eventTime());
      waits(event.eventTime());
    }
    events.add(event);
    waiting.put(event.eventTime(), events);
  }

  private void takeLate(E event) throws IOException {
    LaneCounts counts = counts();
    counts.late++;
    metrics.late.inc();
    if (settings.latePolicy() == LatePolicy.DROP) {
      counts.dropped++;
      metrics.dropped.inc();
    } else {
      observe(new EventGroup<>(event.eventTime(), List.of(event)));
      updateGauges();
    }
  }

  @Override
  public void onEventTime(InternalTimer<Integer, VoidNamespace> timer) throws Exception {
    long time = timer.getTimestamp();
    List<E> events = new ArrayList<>(waiting.get(time));
    waiting.remove(time);
    events.sort(Comparator.comparing(StreamEvent::position));
    observe(new EventGroup<>(time, events));
    observed(time);
    counts().closedTime = time;
    updateGauges();
  }

  @Override
  public void onProcessingTime(InternalTimer<Integer, VoidNamespace> timer) {
    throw new IllegalStateException("no processing-time timer is registered");
  }

  final int subtask() {
    return getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
  }

  final SideOutputs outputsOf(int lane) {
    return new SideOutputs(output, metrics.freshness, MetricScopes.lane(settings.scope(), lane));
  }

  final void updateGauges() {
    gauges = currentGauges(gauges);
    metrics.addFigures();
  }

  /** Reports now and then, for people who watch. */
  final void scheduleProgress() {
    long next = getProcessingTimeService().getCurrentProcessingTime() + settings.progressMillis();
    getProcessingTimeService()
        .registerTimer(
            next,
            time -> {
              if (laneOutputs().isEmpty()) {
                output.collect(LearnOutputs.METRICS, new StreamRecord<>(idle()));
              }
              reportArrivals(MetricScopes.PROGRESS);
              scheduleProgress();
            });
  }

  final void reportArrivals(String scope) {
    laneOutputs().forEach(lane -> lane.outputs().arrivals(scope, lane.counts()));
  }

  /** Says that this subtask is ready for its first event. */
  private LearningMetrics idle() {
    String scope = settings.scope() + "subtask-" + subtask() + "/" + MetricScopes.PROGRESS;
    return MetricScopes.arrivals(scope, 0, 0, 0, 0, metrics.freshness);
  }
}
