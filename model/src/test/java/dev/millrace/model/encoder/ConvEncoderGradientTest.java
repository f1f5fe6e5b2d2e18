package dev.millrace.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.Nd4jKernels;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Parameters.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * All gradients of two crop sizes that go forward before either goes back, against central
 * differences in float64.
 */
class ConvEncoderGradientTest {

  private static final int[] COUNTS = {3, 4};
  private static final int[] SIDES = {8, 6};

  private final Kernels kernels = new Nd4jKernels(DataType.DOUBLE);
  private final SeededRandom random = new SeededRandom(5);
  private final List<Matrix> pictures = new ArrayList<>();
  private final List<Matrix> ofPooled = new ArrayList<>();
  private final List<Matrix> ofProjected = new ArrayList<>();
  private final List<ConvPass> passes = new ArrayList<>();
  private ConvEncoder encoder;

  static Stream<ConvEncoderConfig> configs() {
    ConvEncoderConfig standard = ConvEncoderConfig.STANDARD;
    return Stream.of(
        standard,
        new ConvEncoderConfig(
            2,
            new ConvEncoderConfig.Stem(8, 3, 1, 0),
            List.of(new ConvEncoderConfig.Block(8, 1), new ConvEncoderConfig.Block(12, 1)),
            ConvEncoderConfig.Norm.group(4),
            new ConvEncoderConfig.Head(9, 5, true)));
  }

  @ParameterizedTest
  @MethodSource("configs")
  void everyGradientIsThatOfTheLoss(ConvEncoderConfig config) {
    encoder = new ConvEncoder(kernels, config, random);
    for (Parameter parameter : encoder.parameters().all()) {
      // Norms of exactly 1 and biases of 0 would hide a factor that is missing.
      kernels.addInPlace(parameter.value(), 1, normal(parameter.value(), 0.05));
    }
    for (int i = 0; i < SIDES.length; i++) {
      Matrix picture = kernels.allocate(COUNTS[i] * SIDES[i] * SIDES[i], config.channels());
      pictures.add(normal(picture, 1));
      ofPooled.add(normal(kernels.allocate(COUNTS[i], config.width()), 1));
      ofProjected.add(normal(kernels.allocate(COUNTS[i], config.head().width()), 0.3));
      passes.add(encoder.newPass());
    }
    loss();
    encoder.parameters().zeroGradientsInPlace();
    List<Matrix> ofPictures = new ArrayList<>();
    for (int i = 0; i < SIDES.length; i++) {
      Matrix gradient = kernels.allocate(pictures.get(i).rows(), config.channels());
      encoder.backward(passes.get(i), ofPooled.get(i), ofProjected.get(i), gradient);
      ofPictures.add(gradient);
    }
    for (Parameter parameter : encoder.parameters().all()) {
      check(parameter.name(), parameter.value(), values(parameter.gradient()));
    }
    for (int i = 0; i < SIDES.length; i++) {
      check("pictures " + i, pictures.get(i), values(ofPictures.get(i)));
    }
  }

  private double loss() {
    double loss = 0;
    for (int i = 0; i < SIDES.length; i++) {
      encoder.forwardForTraining(passes.get(i), pictures.get(i), COUNTS[i], SIDES[i]);
      loss += inner(passes.get(i).pooled(), ofPooled.get(i));
      loss += inner(passes.get(i).projected(), ofProjected.get(i));
    }
    return loss;
  }

  private void check(String name, Matrix value, double[] gradient) {
    double largest = 0;
    for (double g : gradient) {
      largest = Math.max(largest, Math.abs(g));
    }
    assertThat(largest).as(name).isPositive();
    for (int n = 0; n < 2; n++) {
      int at = random.nextInt(gradient.length);
      int row = at / value.columns();
      int column = at % value.columns();
      double original = value.get(row, column);
      // Few of the many ReLUs turn within so small a step.
      double step = 1e-6;
      value.set(row, column, original + step);
      double above = loss();
      value.set(row, column, original - step);
      double below = loss();
      value.set(row, column, original);
      assertThat((above - below) / (2 * step))
          .as("%s[%d, %d]", name, row, column)
          .isCloseTo(gradient[at], within(1e-5 * Math.max(largest, 1e-2)));
    }
  }

  private double inner(Matrix a, Matrix b) {
    Matrix products = kernels.allocate(a.rows(), a.columns());
    kernels.hadamard(a, b, products);
    return kernels.sum(products);
  }

  private Matrix normal(Matrix like, double deviation) {
    double[] drawn = new double[(int) like.size()];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = deviation * random.nextGaussian();
    }
    return kernels.of(like.rows(), like.columns(), drawn);
  }

  private double[] values(Matrix matrix) {
    double[] values = new double[(int) matrix.size()];
    kernels.read(matrix, values);
    return values;
  }
}
