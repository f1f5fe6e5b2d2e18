package dev.millrace.model.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import org.junit.jupiter.api.Test;

class LeaveOneOutEvaluationTest {

  private final InteractionSequences data = Sequences.ring(150, 60, 6);

  private LeaveOneOutEvaluation.Report run(String method, int passes) {
    try (Kernels kernels = new CpuKernels(1)) {
      return new LeaveOneOutEvaluation(kernels, data, Sequences.config(0.1, passes, passes))
          .run(method, Sequences.QUIET);
    }
  }

  @Test
  void blendIsNoWorseThanTheModelInItAndTheCountsBesideIt() {
    LeaveOneOutEvaluation.Report report = run("blend", 3);
    double blend = report.unmasked().get("model").ndcgAt(10);
    assertThat(blend).isGreaterThan(report.unmasked().get("duorec").ndcgAt(10));
    assertThat(blend).isGreaterThan(report.unmasked().get("popularity").ndcgAt(10));
    assertThat(blend).isGreaterThan(0.95 * report.unmasked().get("markov").ndcgAt(10));
    assertThat(report.blendWeights()).hasSize(BlendFeature.values().length);
  }

  @Test
  void scorersStandUnderTheSameNamesMaskedAndUnmasked() {
    LeaveOneOutEvaluation.Report report = run("sasrec", 1);
    assertThat(report.masked().keySet())
        .containsExactlyElementsOf(report.unmasked().keySet())
        .contains("model", "popularity", "markov", "markov_decayed", "item_knn");
    assertThat(report.blendWeights()).isEmpty();
  }

  @Test
  void weightsOfTheBlendAreAMinimumOnTheValidationItems() {
    LeaveOneOut split = new LeaveOneOut(data, 10);
    HistoryScorer flat = (histories, count, scores) -> ItemPopularity.clear(count, 61, scores);
    BlendFeatures features = new BlendFeatures(split, LeaveOneOut.Target.VALIDATION, flat);
    double[] weights = BlendFit.weights(split, features);
    double least = BlendFit.loss(split, features, weights);
    for (int f = 0; f < weights.length; f++) {
      for (double step : new double[] {-0.1, 0.1}) {
        double[] other = weights.clone();
        other[f] += step;
        assertThat(BlendFit.loss(split, features, other))
            .as("%s %+.1f", BlendFeature.values()[f], step)
            .isGreaterThan(least);
      }
    }
  }

  @Test
  void unknownMethodNamesTheNearest() {
    assertThatThrownBy(() -> LeaveOneOutEvaluation.requireMethod("mclreck"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("did you mean 'mclrec'");
  }
}
