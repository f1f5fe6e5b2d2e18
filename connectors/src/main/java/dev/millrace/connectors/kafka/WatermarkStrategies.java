package dev.millrace.connectors.kafka;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.StreamEvent;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.ReadableConfig;

/** How event time advances with what is read. */
public final class WatermarkStrategies {

  private WatermarkStrategies() {}

  /** Of interactions, with the options' out-of-orderness and idle timeout. */
  public static WatermarkStrategy<Decoded<Interaction>> interactions(ReadableConfig config) {
    return of(config);
  }

  /** Of images, with the options' out-of-orderness and idle timeout. */
  public static WatermarkStrategy<Decoded<ImageEvent>> images(ReadableConfig config) {
    return of(config);
  }

  private static <T extends StreamEvent> WatermarkStrategy<Decoded<T>> of(ReadableConfig config) {
    return of(
        OptionChecks.notNegative(config, KafkaSourceOptions.MAX_OUT_OF_ORDERNESS),
        OptionChecks.notNegative(config, KafkaSourceOptions.IDLE_TIMEOUT));
  }

  /**
   * Watermarks that follow the newest event of each partition at a distance. A dead letter has no
   * event time: it neither advances time nor keeps a partition from being idle, so a partition full
   * of garbage holds nothing back.
   *
   * @param maxOutOfOrderness the distance, not negative
   * @param idleTimeout how long a partition may bring no event before it is idle; zero for ever
   */
  public static <T extends StreamEvent> WatermarkStrategy<Decoded<T>> of(
      Duration maxOutOfOrderness, Duration idleTimeout) {
    WatermarkStrategy<Decoded<T>> bounded =
        WatermarkStrategy.forBoundedOutOfOrderness(maxOutOfOrderness);
    WatermarkStrategy<Decoded<T>> delegate =
        idleTimeout.isZero() ? bounded : bounded.withIdleness(idleTimeout);
    return WatermarkStrategy.<Decoded<T>>forGenerator(
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
