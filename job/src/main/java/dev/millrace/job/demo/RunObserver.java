package dev.millrace.job.demo;

import dev.millrace.connectors.codec.DeadLetterJsonCodec;
import dev.millrace.connectors.codec.DecodeException;
import dev.millrace.connectors.codec.DecodeFault;
import dev.millrace.connectors.codec.LearningMetricsJsonCodec;
import dev.millrace.connectors.kafka.KafkaSinkOptions;
import dev.millrace.connectors.kafka.KafkaSourceOptions;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.LearningMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Follows what a job writes about itself: its metrics and its dead letters. */
public final class RunObserver implements AutoCloseable {

  /** A window's record with the wall time at which it was seen. */
  record Seen(LearningMetrics metrics, long nanos) {}

  private static final Set<String> DECODE_FAULTS =
      Arrays.stream(DecodeFault.values()).map(DecodeFault::label).collect(Collectors.toSet());

  private final TopicFollower follower;
  private final String metricsTopic;
  private final List<Seen> windows = new ArrayList<>();
  private final Map<String, LearningMetrics> progress = new LinkedHashMap<>();
  private final Map<String, LearningMetrics> arrivals = new LinkedHashMap<>();
  private final Map<String, Seen> lastWindows = new LinkedHashMap<>();
  private final Map<String, Double> viewRates = new LinkedHashMap<>();
  private final List<LearningMetrics> events = new ArrayList<>();
  private LearningMetrics total;
  private long deadLetters;
  private long undecoded;

  /** Reads the topics of the job from their beginning. */
  public RunObserver(JobConfig config) {
    metricsTopic = config.options().get(KafkaSinkOptions.LEARNING_METRICS_TOPIC);
    String deadLettersTopic = config.options().get(KafkaSinkOptions.DEAD_LETTERS_TOPIC);
    follower =
        new TopicFollower(
            config.options().get(KafkaSourceOptions.BOOTSTRAP_SERVERS),
            List.of(metricsTopic, deadLettersTopic));
  }

  /** Takes in what has come, waiting at most so long for it. */
  public void poll(Duration patience) {
    follower.poll(patience, this::take);
  }

  /** Takes in all that is there. */
  public void drain() {
    follower.drain(this::take);
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (!record.topic().equals(metricsTopic)) {
      deadLetters++;
      undecoded += DECODE_FAULTS.contains(decodeDeadLetter(record).errorClass()) ? 1 : 0;
      return;
    }
    LearningMetrics metrics = decode(record);
    if (MetricScopes.is(MetricScopes.PROGRESS, metrics)) {
      progress.put(metrics.scope(), metrics);
    } else if (MetricScopes.is(MetricScopes.ARRIVALS, metrics)) {
      arrivals.put(metrics.scope(), metrics);
    } else if (MetricScopes.is(MetricScopes.WINDOW, metrics)) {
      takeWindow(new Seen(metrics, System.nanoTime()));
    } else if (MetricScopes.is(MetricScopes.EVENT, metrics)) {
      events.add(metrics);
    } else if (MetricScopes.is(MetricScopes.TOTAL, metrics)) {
      total = metrics;
    }
  }

  private void takeWindow(Seen window) {
    windows.add(window);
    Seen before = lastWindows.put(window.metrics().scope(), window);
    Double views = window.metrics().figures().get(MetricScopes.VIEWS);
    if (before != null && views != null) {
      double seconds = (window.nanos() - before.nanos()) / 1e9;
      if (seconds > 0.05) {
        viewRates.put(
            window.metrics().scope(),
            (views - before.metrics().figures().get(MetricScopes.VIEWS)) / seconds);
      }
    }
  }

  private static DeadLetter decodeDeadLetter(ConsumerRecord<byte[], byte[]> record) {
    try {
      return DeadLetterJsonCodec.decode(record.value());
    } catch (DecodeException e) {
      throw new IllegalStateException(
          "record " + record.offset() + " of " + record.topic() + " holds no dead letter", e);
    }
  }

  private static LearningMetrics decode(ConsumerRecord<byte[], byte[]> record) {
    try {
      return LearningMetricsJsonCodec.decode(record.value());
    } catch (DecodeException e) {
      throw new IllegalStateException(
          "record " + record.offset() + " of " + record.topic() + " holds no metrics", e);
    }
  }

  /** Whether the learner has reported that it is there. */
  public boolean isReady() {
    return !progress.isEmpty();
  }

  /** Events that have reached the learner, as of the last progress record. */
  public long received() {
    return Math.round(
        progress.values().stream().mapToDouble(m -> m.figures().get(MetricScopes.EVENTS)).sum());
  }

  /** Dead letters that never reached a learner: all but those of its quarantine. */
  public long undecoded() {
    return undecoded;
  }

  /** Dead letters written so far. */
  public long deadLetters() {
    return deadLetters;
  }

  /** Events that the learner has learned, as of the last window. */
  double learned() {
    if (windows.isEmpty()) {
      return 0;
    }
    Map<String, Double> figures = windows.get(windows.size() - 1).metrics().figures();
    return figures.getOrDefault(
        MetricScopes.IMAGES, figures.getOrDefault(MetricScopes.EVENTS, 0.0));
  }

  /** One line for a person who watches. */
  public String line() {
    StringBuilder line = new StringBuilder(String.format("%,d events", received()));
    if (deadLetters > 0) {
      line.append(String.format(", %,d dead letters", deadLetters));
    }
    lastWindows.forEach(
        (scope, window) ->
            line.append(", ")
                .append(
                    WindowText.of(
                        window.metrics().figures(), viewRates.getOrDefault(scope, Double.NaN))));
    return line.toString();
  }

  /** What guards of the learner reported. */
  List<LearningMetrics> events() {
    return events;
  }

  List<Seen> windows() {
    return windows;
  }

  /**
   * The learner's last record.
   *
   * @throws IllegalStateException if the job ended without one
   */
  LearningMetrics total() {
    if (total == null) {
      throw new IllegalStateException(
          "the job ended without its totals in the topic " + metricsTopic);
    }
    return total;
  }

  /**
   * What reached all lanes of the stream: sums of counts, and the slowest lane's freshness.
   *
   * @throws IllegalStateException if the job ended without them
   */
  Map<String, Double> arrivals() {
    if (arrivals.isEmpty()) {
      throw new IllegalStateException("the job ended without counts of arrivals");
    }
    return MetricScopes.together(arrivals.values());
  }

  @Override
  public void close() {
    follower.close();
  }
}
