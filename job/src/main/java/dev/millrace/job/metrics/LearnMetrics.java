package dev.millrace.job.metrics;

import dev.millrace.model.learner.LearnerGauges;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * The learn operator's metrics in Flink's metric system, group {@value #GROUP}; a learner's further
 * figures, such as {@code prototype_usage_entropy}, under their own names.
 */
public final class LearnMetrics {

  public static final String GROUP = "millrace";
  public static final String EVENTS = "events";
  public static final String LATE = "lateEvents";
  public static final String DROPPED = "lateEventsDropped";
  public static final String DEAD_LETTERS = "deadLetters";
  public static final String WAITING = "waitingEvents";
  public static final String FRESHNESS = "freshnessMillis";
  public static final String STEPS = "steps";
  public static final String MODEL_VERSION = "modelVersion";
  public static final String LOSS = "loss";
  public static final String BANK_SIZE = "bankSize";
  public static final String BANK_AGE = "bankAgeSteps";
  public static final String TABLE_ROWS = "tableRows";
  public static final String EVICTIONS = "evictions";
  public static final String NATIVE_BYTES = "nativeBytes";
  public static final String CHECKPOINT_BYTES = "learnerStateBytes";

  public final Counter events;
  public final Counter late;
  public final Counter dropped;
  public final LatencyHistogram freshness = new LatencyHistogram();
  private final MetricGroup group;
  private final Supplier<LearnerGauges> gauges;
  private final Set<String> figures = new HashSet<>();
  private volatile long stateBytes;

  /**
   * Registers all of them.
   *
   * @param parent the operator's metric group
   * @param gauges sums of the learners of this subtask
   */
  public LearnMetrics(MetricGroup parent, Supplier<LearnerGauges> gauges) {
    this.gauges = gauges;
    group = parent.addGroup(GROUP);
    events = group.counter(EVENTS);
    late = group.counter(LATE);
    dropped = group.counter(DROPPED);
    group.histogram(FRESHNESS, freshness);
    group.gauge(STEPS, () -> gauges.get().steps());
    group.gauge(MODEL_VERSION, () -> gauges.get().modelVersion());
    group.gauge(LOSS, () -> gauges.get().loss());
    group.gauge(BANK_SIZE, () -> gauges.get().bankSize());
    group.gauge(BANK_AGE, () -> gauges.get().bankAge());
    group.gauge(TABLE_ROWS, () -> gauges.get().tableRows());
    group.gauge(EVICTIONS, () -> gauges.get().evictions());
    group.gauge(NATIVE_BYTES, () -> gauges.get().nativeBytes());
    group.gauge(CHECKPOINT_BYTES, () -> stateBytes);
  }

  /** Registers the figures that only this kind of learner has, once it has them. */
  public void addFigures() {
    for (String name : gauges.get().figures().keySet()) {
      if (figures.add(name)) {
        group.gauge(name, () -> gauges.get().figures().getOrDefault(name, Double.NaN));
      }
    }
  }

  public void stateBytes(long bytes) {
    stateBytes = bytes;
  }
}
