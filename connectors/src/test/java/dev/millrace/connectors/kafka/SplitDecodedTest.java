package dev.millrace.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.connectors.SampleRecords;
import dev.millrace.connectors.codec.Decoded;
import dev.millrace.model.data.Interaction;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

final class SplitDecodedTest {

  @Test
  void valuesGoOnAndDeadLettersGoToTheSide() throws Exception {
    try (OneInputStreamOperatorTestHarness<Decoded<Interaction>, Interaction> harness =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(new SplitDecoded<Interaction>()))) {
      harness.open();

      harness.processElement(Decoded.value(SampleRecords.INTERACTION), SampleRecords.TIME);
      harness.processElement(Decoded.deadLetter(SampleRecords.DEAD_LETTER), 5);

      assertThat(harness.extractOutputValues()).containsExactly(SampleRecords.INTERACTION);
      assertThat(harness.getSideOutput(SplitDecoded.DEAD_LETTERS))
          .containsExactly(new StreamRecord<>(SampleRecords.DEAD_LETTER, 5));
    }
  }
}
