package dev.millrace.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncoderAverageTest {

  private final Kernels kernels = new CpuKernels(1);
  private final ConvEncoder online =
      new ConvEncoder(
          kernels,
          new ConvEncoderConfig(
              3,
              new ConvEncoderConfig.Stem(4, 4, 2, 1),
              List.of(new ConvEncoderConfig.Block(8, 2)),
              ConvEncoderConfig.Norm.batch(),
              new ConvEncoderConfig.Head(8, 4, true)),
          new SeededRandom(1));

  private static double first(EncoderAverage average) {
    Matrix values = average.encoder().parameters().values();
    float[] all = new float[Math.toIntExact(values.size())];
    values.copyTo(all, 0);
    return all[0];
  }

  /** Weights that stay are followed by several steps at once as by one after the other. */
  @Test
  void stepsAtOnceForgetAsMuchAsOneAfterTheOther() {
    EncoderAverage oneByOne = new EncoderAverage(kernels, online, 0.9);
    EncoderAverage atOnce = new EncoderAverage(kernels, online, 0.9);
    kernels.fillInPlace(online.parameters().values(), 2);
    for (int step = 0; step < 3; step++) {
      oneByOne.stepInPlace();
    }
    atOnce.followInPlace(3);
    assertThat(first(oneByOne)).isBetween(1.9, 2.0);
    assertThat(first(atOnce)).isCloseTo(first(oneByOne), within(1e-6));
    for (int step = 0; step < 40; step++) {
      oneByOne.stepInPlace();
    }
    atOnce.followInPlace(40);
    assertThat(first(atOnce)).isCloseTo(first(oneByOne), within(1e-6));
  }
}
