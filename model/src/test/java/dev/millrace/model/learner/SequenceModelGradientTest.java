package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.Nd4jKernels;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Parameters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** All gradients of a whole training step, dropout included, against central differences. */
class SequenceModelGradientTest {

  private final Kernels kernels = new Nd4jKernels(DataType.DOUBLE);
  private final SequenceLearnerConfig config = Streams.config(5);
  private final ItemRows items = new ItemRows(config, kernels);
  private final PopularityPrior popularity = new PopularityPrior(20);
  private final SequenceModel model = new SequenceModel(kernels, config, items, null);
  private final List<BasketExample> examples = new ArrayList<>();

  @BeforeEach
  void makeExamples() {
    SeededRandom random = new SeededRandom(4);
    for (int i = 0; i < 12; i++) {
      items.itemOf("i" + i);
    }
    for (int e = 0; e < 4; e++) {
      int[] basket = {e, e + 3, e + 6};
      for (int item : basket) {
        popularity.add(item);
        items.sighted(item, e);
      }
      int[] history = new int[e * 3];
      int[] ages = new int[e * 3];
      for (int i = 0; i < history.length; i++) {
        history[i] = random.nextInt(6);
        ages[i] = 1 + (history.length - 1 - i) / 2;
      }
      examples.add(new BasketExample(e, history, ages, basket, "", popularity.lines()));
    }
  }

  private double loss() {
    return model.gradients(examples, popularity, new SeededRandom(9), null).loss();
  }

  @Test
  void denseParametersHaveTheGradientOfTheLoss() {
    SequenceModel.Gradients at = model.gradients(examples, popularity, new SeededRandom(9), null);
    assertThat(at.loss()).isPositive();
    List<double[]> expected = new ArrayList<>();
    for (Parameters parameters : model.denseParameters()) {
      for (Parameters.Parameter parameter : parameters.all()) {
        expected.add(values(parameter.gradient()));
      }
    }
    SeededRandom random = new SeededRandom(1);
    int index = 0;
    for (Parameters parameters : model.denseParameters()) {
      for (Parameters.Parameter parameter : parameters.all()) {
        check(parameter.name(), parameter.value(), expected.get(index++), random);
      }
    }
  }

  @Test
  void rowsOfTheItemTableHaveTheGradientOfTheLoss() {
    SequenceModel.Gradients at = model.gradients(examples, popularity, new SeededRandom(9), null);
    double[] ofItems = values(at.items());
    double[] ofBiases = values(at.biases());
    SeededRandom random = new SeededRandom(2);
    Matrix vectors = items.table().vectors().value();
    // Row 0 is padding and is not trained.
    Matrix used = vectors.rows(1, vectors.rows());
    double[] usedGradient = java.util.Arrays.copyOfRange(ofItems, 16, ofItems.length);
    check("items", used, usedGradient, random);
    Matrix biases = items.table().biases().value();
    check(
        "biases",
        biases.rows(1, biases.rows()),
        java.util.Arrays.copyOfRange(ofBiases, 1, ofBiases.length),
        random);
  }

  private void check(String name, Matrix value, double[] gradient, SeededRandom random) {
    double largest = 1e-4;
    for (double g : gradient) {
      largest = Math.max(largest, Math.abs(g));
    }
    for (int n = 0; n < 3; n++) {
      int at = random.nextInt(gradient.length);
      int row = at / value.columns();
      int column = at % value.columns();
      double original = value.get(row, column);
      double step = 1e-5;
      value.set(row, column, original + step);
      double above = loss();
      value.set(row, column, original - step);
      double below = loss();
      value.set(row, column, original);
      assertThat((above - below) / (2 * step))
          .as("%s[%d, %d]", name, row, column)
          .isCloseTo(gradient[at], org.assertj.core.api.Assertions.within(2e-6 * largest + 1e-9));
    }
  }

  private double[] values(Matrix matrix) {
    double[] values = new double[(int) matrix.size()];
    matrix.copyTo(values, 0);
    return values;
  }
}
