package dev.millrace.connectors.kafka;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.model.data.Interaction;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.ReadableConfig;

/** How event time advances with what is read. */
public final class WatermarkStrategies {

  private WatermarkStrategies() {}

  /** The strategy of the options' out-of-orderness and idle timeout. */
  public static WatermarkStrategy<Decoded<Interaction>> interactions(ReadableConfig config) {
    return interactions(
        OptionChecks.notNegative(config, KafkaSourceOptions.MAX_OUT_OF_ORDERNESS),
        OptionChecks.notNegative(config, KafkaSourceOptions.IDLE_TIMEOUT));
  }

  /**
   * Watermarks that follow the newest interaction of each partition at a distance. A dead letter
   * has no event time: it neither advances time nor keeps a partition from being idle, so a
   * partition full of garbage holds nothing back.
   *
   * @param maxOutOfOrderness the distance, not negative
   * @param idleTimeout how long a partition may bring no interaction before it is idle; zero for
   *     ever
   */
  public static WatermarkStrategy<Decoded<Interaction>> interactions(
      Duration maxOutOfOrderness, Duration idleTimeout) {
    WatermarkStrategy<Decoded<Interaction>> bounded =
        WatermarkStrategy.forBoundedOutOfOrderness(maxOutOfOrderness);
    WatermarkStrategy<Decoded<Interaction>> delegate =
        idleTimeout.isZero() ? bounded : bounded.withIdleness(idleTimeout);
    return WatermarkStrategy.<Decoded<Interaction>>forGenerator(
            context -> new ValuesOnly<>(delegate.createWatermarkGenerator(context)))
        .withTimestampAssigner(
            (decoded, kafkaTimestamp) ->
                decoded.isValue() ? decoded.value().eventTime() : kafkaTimestamp);
  }

  /** A generator that does not see dead letters. */
  private static final class ValuesOnly<T> implements WatermarkGenerator<Decoded<T>> {

    private final WatermarkGenerator<Decoded<T>> generator;

    ValuesOnly(WatermarkGenerator<Decoded<T>> generator) {
      this.generator = generator;
    }

    @Override
    public void onEvent(Decoded<T> decoded, long eventTimestamp, WatermarkOutput output) {
      if (decoded.isValue()) {
        generator.onEvent(decoded, eventTimestamp, output);
      }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      generator.onPeriodicEmit(output);
    }
  }
}
