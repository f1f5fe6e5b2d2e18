package dev.millrace.model.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.augment.ViewConfig;
import dev.millrace.model.cluster.IntentPrototypes;
import dev.millrace.model.encoder.EncoderConfig;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.Nd4jKernels;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

/** The gradient of every method's whole loss, dropout included, against central differences. */
class TrainingGradientTest {

  private static final long SEED = 77;

  private final Kernels kernels = new Nd4jKernels(DataType.DOUBLE);
  private final EncoderConfig encoder = new EncoderConfig(8, 2, 1, 12, 10, 0.2, 0.2, 1e-12);
  private final LeaveOneOut split = new LeaveOneOut(Sequences.ring(12, 9, 6), 10);
  private final NextItemModel model = model();
  private final ExampleBatch batch = ExampleBatch.of(split, new int[] {1, 8, 11, 26}, 0, 4);

  /** Weights far from the start, where every term and every bound of a regulariser is in play. */
  private NextItemModel model() {
    SeededRandom random = new SeededRandom(5);
    NextItemModel made = new NextItemModel(kernels, encoder, split.data().items(), random);
    for (Parameters part : made.parameters()) {
      perturb(part, random);
    }
    return made;
  }

  private void perturb(Parameters part, SeededRandom random) {
    double[] values = new double[(int) part.values().size()];
    kernels.read(part.values(), values);
    for (int i = 0; i < values.length; i++) {
      values[i] += 0.3 * random.nextGaussian();
    }
    kernels.write(values, part.values());
  }

  @ParameterizedTest
  @EnumSource(value = SequentialMethod.class, names = "ICLREC", mode = EnumSource.Mode.EXCLUDE)
  void stepOfTheEncoderHasTheGradientOfItsLoss(SequentialMethod method) {
    TrainingMethod made = method.create(kernels, model, split, 1e-3, new SeededRandom(6));
    NextItemTraining training = training(made);
    training.drawViews(batch, new SeededRandom(8));
    List<Parameters> parameters = new ArrayList<>(model.parameters());
    if (made instanceof MclrecTraining mclrec) {
      perturb(mclrec.augmenters(), new SeededRandom(9));
      parameters.add(mclrec.augmenters());
    }
    check(
        parameters,
        () -> {
          if (made instanceof MclrecTraining mclrec) {
            mclrec.augmenters().zeroGradientsInPlace();
          }
          return training.gradients(batch, SEED);
        });
  }

  private static NextItemTraining training(TrainingMethod made) {
    if (made instanceof MclrecTraining mclrec) {
      return mclrec.training();
    }
    return (NextItemTraining) made;
  }

  @ParameterizedTest
  @EnumSource(MclrecTraining.Updates.class)
  void stepOfTheAugmentersHasTheGradientOfItsLoss(MclrecTraining.Updates updates) {
    MclrecTraining mclrec =
        new MclrecTraining(
            kernels,
            model,
            new CropMaskReorder(ViewConfig.STANDARD),
            updates,
            new MclrecTraining.Weights(0.3, 0.7),
            1e-3,
            new SeededRandom(6));
    perturb(mclrec.augmenters(), new SeededRandom(9));
    mclrec.training().drawViews(batch, new SeededRandom(8));
    check(List.of(mclrec.augmenters()), () -> mclrec.augmenterGradients(SEED));
  }

  /** The prototypes stand still here: in training they move with every batch. */
  @Test
  void stepWithIntentsHasTheGradientOfItsLoss() {
    IntentPrototypes prototypes = new IntentPrototypes(kernels, 3, 8);
    IntentContrast contrast = new IntentContrast(kernels, prototypes, 8);
    contrast.freeze();
    NextItemTraining training =
        new NextItemTraining(
            kernels, model, new CropMaskReorder(ViewConfig.STANDARD), contrast, 1e-3);
    training.drawViews(batch, new SeededRandom(8));
    check(model.parameters(), () -> training.gradients(batch, SEED));
    assertThat(prototypes.used()).isEqualTo(3);
  }

  private void check(List<Parameters> parameters, DoubleSupplier loss) {
    assertThat(loss.getAsDouble()).isPositive();
    List<double[]> expected = new ArrayList<>();
    for (Parameters part : parameters) {
      for (Parameters.Parameter parameter : part.all()) {
        double[] values = new double[(int) parameter.gradient().size()];
        parameter.gradient().copyTo(values, 0);
        expected.add(values);
      }
    }
    SeededRandom random = new SeededRandom(2);
    int index = 0;
    for (Parameters part : parameters) {
      for (Parameters.Parameter parameter : part.all()) {
        check(parameter, expected.get(index++), loss, random);
      }
    }
  }

  private static void check(
      Parameters.Parameter parameter, double[] gradient, DoubleSupplier loss, SeededRandom random) {
    Matrix value = parameter.value();
    double largest = 1e-4;
    for (double g : gradient) {
      largest = Math.max(largest, Math.abs(g));
    }
    // Row 0 of the table, no item, learns from the softmax alone.
    int first = parameter.name().equals("items") ? value.columns() : 0;
    int entries = parameter.name().equals("items") ? 4 : 1;
    for (int n = 0; n < entries; n++) {
      int at = first + random.nextInt(gradient.length - first);
      int row = at / value.columns();
      int column = at % value.columns();
      double original = value.get(row, column);
      double step = 1e-5;
      value.set(row, column, original + step);
      double above = loss.getAsDouble();
      value.set(row, column, original - step);
      double below = loss.getAsDouble();
      value.set(row, column, original);
      assertThat((above - below) / (2 * step))
          .as("%s[%d, %d]", parameter.name(), row, column)
          .isCloseTo(gradient[at], within(5e-6 * largest + 1e-9));
    }
  }
}
