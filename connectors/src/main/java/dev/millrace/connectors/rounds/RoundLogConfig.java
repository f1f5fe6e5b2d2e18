package dev.millrace.connectors.rounds;

import dev.millrace.connectors.kafka.KafkaSinkOptions;
import dev.millrace.connectors.kafka.KafkaSourceOptions;
import java.io.Serializable;
import java.util.UUID;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Where a job's log of rounds is.
 *
 * @param bootstrap address of the broker
 * @param topic its topic
 * @param run name of the run: a topic may hold those of many. A run that is resumed keeps its name
 * @param since wall time before which the run has told nothing, in milliseconds since the epoch
 */
public record RoundLogConfig(String bootstrap, String topic, String run, long since)
    implements Serializable {

  /** Clocks of brokers and clients may differ by this. */
  private static final long CLOCK_TOLERANCE_MILLIS = 600_000;

  /** The log of a run that begins now. */
  public static RoundLogConfig of(ReadableConfig config) {
    return new RoundLogConfig(
        config.get(KafkaSourceOptions.BOOTSTRAP_SERVERS),
        config.get(KafkaSinkOptions.MODEL_UPDATES_TOPIC),
        UUID.randomUUID().toString(),
        System.currentTimeMillis() - CLOCK_TOLERANCE_MILLIS);
  }

  /** The same log for another run. */
  public RoundLogConfig withRun(String other) {
    return new RoundLogConfig(bootstrap, topic, other, since);
  }
}
