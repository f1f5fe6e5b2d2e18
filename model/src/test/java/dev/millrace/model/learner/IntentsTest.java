package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.kernel.CpuKernels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntentsTest {

  private static SequenceLearnerConfig config(double weight, int intents) {
    return Streams.contrasting(
        Streams.config(3), weight, SequenceLearnerConfig.Positives.AUGMENTED, intents);
  }

  private static SequenceLearner learner(SequenceLearnerConfig config, int threads) {
    return new SequenceLearner(config, new CpuKernels(threads));
  }

  private static void observe(SequenceLearner learner, List<EventGroup<Interaction>> groups) {
    groups.forEach(group -> learner.observe(group, new Streams.Recorder()));
  }

  private static int weights(SequenceLearner learner) {
    return Streams.weightsOf(learner);
  }

  @Test
  void restoredLearnerContinuesExactlyOnAnyNumberOfThreads() throws IOException {
    SequenceLearnerConfig config = config(0.5, 5);
    List<EventGroup<Interaction>> groups = Streams.groups(120, 5);
    try (SequenceLearner undisturbed = learner(config, 1);
        SequenceLearner killed = learner(config, 2)) {
      observe(undisturbed, groups);
      observe(killed, groups.subList(0, 61));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      killed.writeTo(new DataOutputStream(bytes));
      try (SequenceLearner restored =
          SequenceLearner.readFrom(
              config,
              new CpuKernels(1),
              new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())))) {
        observe(restored, groups.subList(61, 120));
        assertThat(restored.digest()).isEqualTo(undisturbed.digest());
      }
    }
  }

  @Test
  void intentsChangeWhatIsLearned() {
    List<EventGroup<Interaction>> groups = Streams.groups(80, 5);
    try (SequenceLearner with = learner(config(0.5, 5), 1);
        SequenceLearner without = learner(config(0.5, 0), 1)) {
      observe(with, groups);
      observe(without, groups);
      assertThat(weights(with)).isNotEqualTo(weights(without));
    }
  }

  @Test
  void lossFallsWhileTheStreamRuns() {
    Streams.Recorder recorder = new Streams.Recorder();
    try (SequenceLearner learner = learner(config(20, 5), 1)) {
      Streams.groups(400, 5).forEach(group -> learner.observe(group, recorder));
    }
    double[] losses =
        recorder.metrics.stream()
            .map(metrics -> metrics.figures().get("loss"))
            .filter(loss -> loss != null)
            .mapToDouble(loss -> loss)
            .toArray();
    double first = Arrays.stream(losses, 0, 3).average().orElseThrow();
    double last = Arrays.stream(losses, losses.length - 6, losses.length).average().orElseThrow();
    assertThat(first - last).isGreaterThan(6);
  }

  @Test
  void negativeNumberIsRefused() {
    assertThatThrownBy(() -> config(1, -1)).hasMessageContaining("intents is at least 0");
  }
}
