package dev.millrace.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.CanonicalOutput;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Adam;
import dev.millrace.model.optimizer.AdamConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConvEncoderTest {

  private static final ConvEncoderConfig STANDARD = ConvEncoderConfig.STANDARD;
  private static final int COUNT = 12;
  private static final int SIDE = 16;

  private final Kernels kernels = new CpuKernels();

  @AfterEach
  void close() {
    kernels.close();
  }

  private static Matrix pictures(Kernels some, long seed, int count, int side) {
    SeededRandom random = new SeededRandom(seed);
    double[] drawn = new double[count * side * side * 3];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = random.nextGaussian();
    }
    return some.of(count * side * side, 3, drawn);
  }

  /** An encoder with its optimizer and its average. */
  private static final class Training {

    final ConvEncoder encoder;
    final EncoderAverage average;
    final Adam adam;
    final ConvPass large;
    final ConvPass small;
    final Kernels some;

    Training(Kernels some, ConvEncoderConfig config, long seed) {
      this.some = some;
      encoder = new ConvEncoder(some, config, new SeededRandom(seed));
      average = new EncoderAverage(some, encoder, 0.9);
      adam = new Adam(some, encoder.parameters(), AdamConfig.STANDARD);
      large = encoder.newPass();
      small = encoder.newPass();
    }

    void step(long seed) {
      encoder.parameters().zeroGradientsInPlace();
      encoder.forwardForTraining(large, pictures(some, seed, COUNT, SIDE), COUNT, SIDE);
      encoder.forwardForTraining(small, pictures(some, -seed, COUNT, 9), COUNT, 9);
      Matrix upstream = pictures(some, seed + 99, COUNT * 64 / 3 + 1, 1).reshaped(1, 3 * 257);
      for (ConvPass pass : List.of(large, small)) {
        encoder.backward(pass, null, upstream.window(0, COUNT, 64));
      }
      adam.stepInPlace(1e-3);
      average.stepInPlace();
    }

    byte[] state() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      encoder.writeTo(out);
      average.writeTo(out);
      adam.writeTo(out);
      return bytes.toByteArray();
    }

    void restore(byte[] state) throws IOException {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(state));
      encoder.readInPlace(in);
      average.readInPlace(in);
      adam.readInPlace(in);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void restoredEncoderContinuesBitForBit() throws IOException {
    Training undisturbed = new Training(kernels, STANDARD, 1);
    Training restored = new Training(kernels, STANDARD, 2);
    undisturbed.step(1);
    undisturbed.step(2);
    restored.restore(undisturbed.state());
    undisturbed.step(3);
    restored.step(3);
    assertThat(restored.state()).isEqualTo(undisturbed.state());
    Matrix pictures = pictures(kernels, 7, 5, SIDE);
    assertThat(values(kernels, restored.average.embed(pictures, 5, SIDE)))
        .isEqualTo(values(kernels, undisturbed.average.embed(pictures, 5, SIDE)));
  }

  @Test
  void bitsDoNotDependOnTheNumberOfThreads() throws IOException {
    byte[][] states = new byte[3][];
    for (int i = 0; i < states.length; i++) {
      try (Kernels some = new CpuKernels(new int[] {1, 2, 5}[i])) {
        Training training = new Training(some, STANDARD, 1);
        training.step(1);
        training.step(2);
        states[i] = training.state();
      }
    }
    assertThat(states[1]).isEqualTo(states[0]);
    assertThat(states[2]).isEqualTo(states[0]);
  }

  @Test
  void stateOfAnotherShapeOrVersionIsRefused() throws IOException {
    byte[] state = new Training(kernels, STANDARD, 1).state();
    ConvEncoderConfig wider =
        new ConvEncoderConfig(
            3,
            STANDARD.stem(),
            STANDARD.blocks(),
            STANDARD.norm(),
            new ConvEncoderConfig.Head(8, 4, true));
    assertThatThrownBy(() -> new Training(kernels, wider, 1).restore(state))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected");
    state[3] = 9;
    assertThatThrownBy(() -> new Training(kernels, STANDARD, 1).restore(state))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 9");
  }

  @Test
  void runningStatisticsApproachThoseOfABatchThatComesAgainAndAgain() {
    Training training = new Training(kernels, STANDARD, 1);
    Matrix pictures = pictures(kernels, 3, COUNT, SIDE);
    ConvPass pass = training.large;
    for (int i = 0; i < 120; i++) {
      training.encoder.forwardForTraining(pass, pictures, COUNT, SIDE);
    }
    double[] byBatch = values(kernels, pass.pooled());
    double[] byRunning = values(kernels, training.encoder.embed(pictures, COUNT, SIDE));
    for (int i = 0; i < byBatch.length; i++) {
      // The running variance is the unbiased one, larger by 1 in 47 in the last block.
      assertThat(byRunning[i]).isCloseTo(byBatch[i], within(0.1));
    }
  }

  @Test
  void averageBeginsAsACopyAndFollowsWeightsAndStatistics() {
    Training training = new Training(kernels, STANDARD, 1);
    String variance = "block2.conv2.norm.variance";
    double start = training.average.encoder().statistics().value(variance).get(0, 3);
    assertThat(start).isEqualTo(1);
    training.step(1);
    double online = training.encoder.statistics().value(variance).get(0, 3);
    // After the first step the average keeps a tenth.
    assertThat(training.average.encoder().statistics().value(variance).get(0, 3))
        .isCloseTo(0.1 + 0.9 * online, within(1e-6));
  }

  @Test
  void embeddingDoesNotChangeTheEncoderAndTakesAnyNumberOfPictures() {
    Training training = new Training(kernels, STANDARD, 1);
    training.step(1);
    String before = CanonicalOutput.digestOf(training.encoder);
    Matrix pictures = pictures(kernels, 4, 300, 8);
    double[] all = values(kernels, training.encoder.embed(pictures, 300, 8));
    double[] last =
        values(kernels, training.encoder.embed(pictures.rows(299 * 64, 300 * 64), 1, 8));
    assertThat(CanonicalOutput.digestOf(training.encoder)).isEqualTo(before);
    for (int j = 0; j < 128; j++) {
      assertThat(all[299 * 128 + j]).isCloseTo(last[j], within(1e-4));
    }
  }

  @Test
  void groupNormalisedEncoderHasNoStatisticsAndTakesASinglePicture() {
    ConvEncoderConfig config =
        new ConvEncoderConfig(
            3,
            STANDARD.stem(),
            STANDARD.blocks(),
            ConvEncoderConfig.Norm.group(8),
            STANDARD.head());
    Training training = new Training(kernels, config, 1);
    assertThat(training.encoder.statistics().all()).isEmpty();
    training.step(1);
    Matrix picture = pictures(kernels, 4, 1, SIDE);
    ConvPass pass = training.encoder.newPass();
    training.encoder.forwardForTraining(pass, picture, 1, SIDE);
    assertThat(values(kernels, training.encoder.embed(picture, 1, SIDE)))
        .isEqualTo(values(kernels, pass.pooled()));
  }

  @Test
  void wrongUseIsRefusedWithTheReason() {
    ConvEncoder encoder = new ConvEncoder(kernels, STANDARD, new SeededRandom(1));
    ConvPass pass = encoder.newPass();
    Matrix upstream = kernels.allocate(2, 64);
    assertThatThrownBy(() -> encoder.backward(pass, null, upstream))
        .isInstanceOf(IllegalStateException.class);
    encoder.forward(pass, pictures(kernels, 1, 2, 8), 2, 8);
    assertThatThrownBy(() -> encoder.backward(pass, null, upstream))
        .isInstanceOf(IllegalStateException.class);
    encoder.forwardForTraining(pass, pictures(kernels, 1, 2, 8), 2, 8);
    encoder.backward(pass, null, upstream);
    assertThatThrownBy(() -> encoder.backward(pass, null, upstream))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("once");
    assertThatThrownBy(() -> encoder.forwardForTraining(pass, pictures(kernels, 1, 1, 8), 1, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 2 rows");
    assertThatThrownBy(() -> encoder.forward(pass, pictures(kernels, 1, 2, 8), 2, 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 162 x 3");
    assertThatThrownBy(() -> encoder.forward(pass, pictures(kernels, 1, 2, 1), 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not fit");
    ConvEncoder other = new ConvEncoder(kernels, STANDARD, new SeededRandom(1));
    assertThatThrownBy(() -> other.forward(pass, pictures(kernels, 1, 2, 8), 2, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another encoder");
  }

  private static double[] values(Kernels some, Matrix matrix) {
    double[] values = new double[Math.toIntExact(matrix.size())];
    some.read(matrix, values);
    return values;
  }
}
