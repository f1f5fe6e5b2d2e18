package dev.millrace.model.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SequentialTrainerTest {

  private static SequentialTrainer.Trained train(
      int threads, LeaveOneOut split, TrainingConfig config, SequentialMethod method) {
    try (Kernels kernels = new CpuKernels(threads)) {
      return new SequentialTrainer(kernels, config, split).train(method, Sequences.QUIET);
    }
  }

  @ParameterizedTest
  @EnumSource(SequentialMethod.class)
  void everyMethodLearnsARing(SequentialMethod method) {
    LeaveOneOut split = new LeaveOneOut(Sequences.ring(150, 20, 8), 10);
    try (Kernels kernels = new CpuKernels(1)) {
      NextItemModel model =
          new SequentialTrainer(kernels, Sequences.config(0.1, 15, 15), split)
              .train(method, Sequences.QUIET)
              .model();
      FullRanking ranking =
          new FullRanking(split, ItemPopularity.before(LeaveOneOut.Target.TEST, split).places());
      FullRanking.Result result = ranking.rank(LeaveOneOut.Target.TEST, model);
      // Chance is 5 of 20; the next item of the ring and the one after it are all there is.
      assertThat(result.unmasked().recallAt(5)).isGreaterThan(0.9);
    }
  }

  @ParameterizedTest
  @EnumSource(SequentialMethod.class)
  void sameSeedGivesTheSameBitsWithOneThreadAndWithTwo(SequentialMethod method) {
    LeaveOneOut split = new LeaveOneOut(Sequences.ring(40, 15, 6), 10);
    TrainingConfig config = Sequences.config(0.3, 2, 5);
    List<float[]> once = train(1, split, config, method).model().snapshot();
    List<float[]> again = train(2, split, config, method).model().snapshot();
    assertThat(again.get(0)).isEqualTo(once.get(0));
    assertThat(again.get(1)).isEqualTo(once.get(1));
  }

  @Test
  void testItemsNeverDecideWhenTrainingEnds() {
    InteractionSequences data = Sequences.ring(40, 15, 6);
    InteractionSequences otherTest = withOtherTestItems(data);
    TrainingConfig config = Sequences.config(0.1, 8, 2);
    SequentialTrainer.Trained first =
        train(1, new LeaveOneOut(data, 10), config, SequentialMethod.SASREC);
    SequentialTrainer.Trained second =
        train(1, new LeaveOneOut(otherTest, 10), config, SequentialMethod.SASREC);
    assertThat(second.passes()).isEqualTo(first.passes());
    assertThat(second.bestPass()).isEqualTo(first.bestPass());
    assertThat(second.model().snapshot().get(1)).isEqualTo(first.model().snapshot().get(1));
  }

  /** The same but for the last item of each line. */
  private static InteractionSequences withOtherTestItems(InteractionSequences data) {
    List<String> lines = new ArrayList<>();
    for (int u = 0; u < data.users(); u++) {
      StringBuilder line = new StringBuilder("u" + u);
      int[] sequence = data.sequence(u);
      for (int i = 0; i < sequence.length; i++) {
        int item = i == sequence.length - 1 ? 1 + (sequence[i] + 6) % data.items() : sequence[i];
        line.append(' ').append(data.name(item));
      }
      lines.add(line.toString());
    }
    return Sequences.of(lines.toArray(String[]::new));
  }

  @Test
  void modelOfTheBestPassIsKept() {
    LeaveOneOut split = new LeaveOneOut(Sequences.ring(60, 15, 6), 10);
    List<PassReport> reports = new ArrayList<>();
    try (Kernels kernels = new CpuKernels(1)) {
      SequentialTrainer.Trained trained =
          new SequentialTrainer(kernels, Sequences.config(0.1, 30, 3), split)
              .train(
                  SequentialMethod.SASREC,
                  new PassReport.Listener() {
                    @Override
                    public void stepped(int pass, double done, double loss) {}

                    @Override
                    public void passed(PassReport report) {
                      reports.add(report);
                    }
                  });
      double best = reports.stream().mapToDouble(PassReport::mrrAt10).max().orElseThrow();
      assertThat(reports.get(trained.bestPass() - 1).mrrAt10()).isEqualTo(best);
      FullRanking ranking =
          new FullRanking(
              split, ItemPopularity.before(LeaveOneOut.Target.VALIDATION, split).places());
      assertThat(ranking.rank(LeaveOneOut.Target.VALIDATION, trained.model()).unmasked().mrrAt(10))
          .isEqualTo(best);
    }
  }

  @Test
  void fileWithNothingToTrainOnIsRefused() {
    LeaveOneOut split = new LeaveOneOut(Sequences.of("a 1 2 3", "b 2 3 1"), 10);
    assertThatThrownBy(() -> train(1, split, Sequences.config(0.1, 1, 1), SequentialMethod.SASREC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing is left to train on");
  }
}
