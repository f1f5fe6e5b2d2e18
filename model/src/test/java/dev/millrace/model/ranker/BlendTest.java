package dev.millrace.model.ranker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Nd4jKernels;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Adam;
import dev.millrace.model.optimizer.Parameters;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

class BlendTest {

  private static final int FEATURES = 5;

  private static RankerConfig config(int hidden) {
    return new RankerConfig(
        true, 60, 2_000, 4, 10, 0.75, 12, 8, 6, 5, 20, 3, 4, hidden, 0.02, 4, 2, 20, 6, 8);
  }

  private static BlendExample example(int candidates, int targets, long seed) {
    SeededRandom random = new SeededRandom(seed);
    float[] features = new float[FEATURES * candidates];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    float[] corrections = new float[candidates];
    byte[] flags = new byte[candidates];
    for (int c = 0; c < candidates; c++) {
      corrections[c] = c > candidates / 2 ? 1.5f : 0;
      flags[c] =
          (byte)
              ((c < targets ? BlendExample.TARGET : 0)
                  | (random.nextInt(2) == 0 ? BlendExample.UNSEEN : 0));
    }
    return new BlendExample(features, corrections, flags);
  }

  private static final List<BlendExample> EXAMPLES =
      List.of(example(9, 3, 1), example(14, 1, 2), example(6, 6, 3));

  @ParameterizedTest
  @ValueSource(ints = {0, 7})
  void gradientsAreThoseOfTheLoss(int hidden) {
    Kernels kernels = new Nd4jKernels(DataType.DOUBLE);
    Blend blend = new Blend(kernels, config(hidden), FEATURES, 4);
    SeededRandom random = new SeededRandom(5);
    for (Parameters.Parameter parameter : blend.parameters().all()) {
      double[] values = new double[(int) parameter.value().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextGaussian();
      }
      kernels.write(values, parameter.value());
    }
    blend.gradients(EXAMPLES);
    List<double[]> gradients =
        blend.parameters().all().stream()
            .map(
                parameter -> {
                  double[] values = new double[(int) parameter.gradient().size()];
                  kernels.read(parameter.gradient(), values);
                  return values;
                })
            .toList();
    double step = 1e-6;
    for (int p = 0; p < gradients.size(); p++) {
      Parameters.Parameter parameter = blend.parameters().all().get(p);
      double[] values = new double[(int) parameter.value().size()];
      kernels.read(parameter.value(), values);
      for (int i = 0; i < values.length; i++) {
        double value = values[i];
        values[i] = value + step;
        kernels.write(values, parameter.value());
        double above = blend.gradients(EXAMPLES);
        values[i] = value - step;
        kernels.write(values, parameter.value());
        double below = blend.gradients(EXAMPLES);
        values[i] = value;
        kernels.write(values, parameter.value());
        assertThat(gradients.get(p)[i])
            .as("%s[%d]", parameter.name(), i)
            .isCloseTo((above - below) / (2 * step), within(1e-6));
      }
    }
  }

  @Test
  void knowsNothingBeforeTheFirstStepAndLearnsAfterwards() {
    Kernels kernels = new CpuKernels(1);
    Blend blend = new Blend(kernels, config(7), FEATURES, 4);
    float[][] features = new float[FEATURES][3];
    features[1][2] = 1;
    float[] scores = new float[3];
    blend.score(features, 3, scores);
    assertThat(scores).containsOnly(0);
    Adam adam = blend.optimizer();
    double first = blend.gradients(EXAMPLES);
    for (int step = 0; step < 200; step++) {
      blend.step(EXAMPLES, adam);
    }
    assertThat(blend.gradients(EXAMPLES)).isLessThan(0.7 * first);
    kernels.close();
  }

  @Test
  void basketOfSeenItemsAloneHasNoTermForNewOnes() {
    BlendExample seen =
        new BlendExample(
            new float[3], new float[3], new byte[] {BlendExample.TARGET, 0, BlendExample.UNSEEN});
    double[] scores = new double[3];
    assertThat(seen.lossAndGradient(scores, 0, 1)).isCloseTo(Math.log(3), within(1e-12));
    assertThat(scores).containsExactly(new double[] {-2 / 3.0, 1 / 3.0, 1 / 3.0}, within(1e-12));
  }
}
