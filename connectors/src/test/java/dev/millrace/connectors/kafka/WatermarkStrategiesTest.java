package dev.millrace.connectors.kafka;

import static dev.millrace.connectors.SampleRecords.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.connectors.SampleRecords;
import dev.millrace.connectors.codec.Decoded;
import dev.millrace.model.data.Interaction;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.ManualClock;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

final class WatermarkStrategiesTest {

  private static final long TIME = SampleRecords.TIME;
  private static final Decoded<Interaction> GARBAGE = Decoded.deadLetter(SampleRecords.DEAD_LETTER);

  private final ManualClock clock = new ManualClock();
  private final Output output = new Output();
  private final WatermarkStrategy<Decoded<Interaction>> strategy =
      WatermarkStrategies.of(Duration.ofSeconds(5), Duration.ofMinutes(1));
  private final WatermarkGenerator<Decoded<Interaction>> generator =
      strategy.createWatermarkGenerator(new Context());

  @Test
  void theWatermarkFollowsTheNewestInteractionAtADistance() {
    read(value(TIME));
    read(value(TIME - 3000));
    generator.onPeriodicEmit(output);

    assertThat(output.watermark).isEqualTo(TIME - 5000 - 1);
  }

  @Test
  void aDeadLetterDoesNotAdvanceTheWatermark() {
    read(value(TIME));
    generator.onEvent(GARBAGE, TIME + 1_000_000, output);
    generator.onPeriodicEmit(output);

    assertThat(output.watermark).isEqualTo(TIME - 5000 - 1);
  }

  @Test
  void aPartitionThatBringsOnlyGarbageIsIdle() {
    read(value(TIME));
    generator.onPeriodicEmit(output);
    assertThat(output.idle).isFalse();

    // The idle time starts at the first look after the last event.
    generator.onPeriodicEmit(output);
    for (int second = 0; second < 62; second++) {
      clock.advanceTime(Duration.ofSeconds(1));
      generator.onEvent(GARBAGE, TIME + second, output);
      generator.onPeriodicEmit(output);
    }
    assertThat(output.idle).isTrue();

    read(value(TIME + 1));
    generator.onPeriodicEmit(output);
    assertThat(output.idle).isFalse();
  }

  @Test
  void aDeadLetterHasItsKafkaTimestampAndAnInteractionItsEventTime() {
    TimestampAssigner<Decoded<Interaction>> assigner =
        strategy.createTimestampAssigner(new Context());

    assertThat(assigner.extractTimestamp(value(TIME), 42)).isEqualTo(TIME);
    assertThat(assigner.extractTimestamp(GARBAGE, 42)).isEqualTo(42);
  }

  @Test
  void aNegativeOutOfOrdernessIsRefusedByTheOptionsName() {
    Configuration config = new Configuration();
    config.set(KafkaSourceOptions.MAX_OUT_OF_ORDERNESS, Duration.ofSeconds(-1));

    assertThatThrownBy(() -> WatermarkStrategies.interactions(config))
        .hasMessageContaining("source.max-out-of-orderness");
  }

  private void read(Decoded<Interaction> decoded) {
    generator.onEvent(decoded, decoded.value().eventTime(), output);
  }

  private final class Context
      implements WatermarkGeneratorSupplier.Context, TimestampAssignerSupplier.Context {
    @Override
    public MetricGroup getMetricGroup() {
      return new UnregisteredMetricsGroup();
    }

    @Override
    public RelativeClock getInputActivityClock() {
      return clock;
    }
  }

  private static final class Output implements WatermarkOutput {

    private long watermark = Long.MIN_VALUE;
    private boolean idle;

    @Override
    public void emitWatermark(Watermark emitted) {
      watermark = emitted.getTimestamp();
      idle = false;
    }

    @Override
    public void markIdle() {
      idle = true;
    }

    @Override
    public void markActive() {
      idle = false;
    }
  }
}
