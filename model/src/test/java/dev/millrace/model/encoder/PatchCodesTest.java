package dev.millrace.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.eval.NeighbourClassifier;
import dev.millrace.model.kernel.CanonicalOutput;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PatchCodesTest {

  private static final int SIDE = 12;
  private static final int BYTES = 3 * SIDE * SIDE;
  private static final int GROUPS = 4;

  /** 5 x 5 patches of a picture, 60 atoms, 30 pictures of warm-up, 80 kept. */
  private static final PatchCodesConfig CONFIG =
      new PatchCodesConfig(SIDE, 4, 2, 60, 0.2, 1e-3, 30, 80, 1, 8, 1e-3, 2, 16, 1e-2, 1.5);

  private final Kernels kernels = new CpuKernels(2);

  @AfterEach
  void close() {
    kernels.close();
  }

  @Test
  void texturesAreToldApart() {
    PatchCodes codes = new PatchCodes(kernels, CONFIG, 1);
    byte[] stream = textures(200, 1);
    codes.learn(stream, 200);
    Matrix gallery = embed(codes, stream, 200);
    Matrix queries = embed(codes, textures(100, 2), 100);

    double accuracy =
        new NeighbourClassifier(kernels, 10, 0.1)
            .accuracy(gallery, groups(200), queries, groups(100));

    assertThat(accuracy).isGreaterThan(0.95);
  }

  @Test
  void embeddingsHaveUnitLength() {
    PatchCodes codes = learned(60);

    Matrix rows = embed(codes, textures(5, 3), 5);

    for (int i = 0; i < 5; i++) {
      double length = 0;
      for (int j = 0; j < rows.columns(); j++) {
        length += rows.get(i, j) * rows.get(i, j);
      }
      assertThat(length).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void batchesOfLearningDoNotMatter() {
    byte[] stream = textures(100, 4);
    PatchCodes whole = new PatchCodes(kernels, CONFIG, 1);
    PatchCodes parts = new PatchCodes(kernels, CONFIG, 1);
    whole.learn(stream, 100);
    for (int from = 0; from < 100; from += 7) {
      int count = Math.min(7, 100 - from);
      parts.learn(Arrays.copyOfRange(stream, from * BYTES, (from + count) * BYTES), count);
    }

    assertThat(digest(parts)).isEqualTo(digest(whole));
  }

  @Test
  void aStateOfTheWarmUpContinuesExactly() throws IOException {
    assertContinuesExactly(20);
  }

  @Test
  void aStateAfterTheWarmUpContinuesExactly() throws IOException {
    assertContinuesExactly(95);
  }

  private void assertContinuesExactly(int before) throws IOException {
    PatchCodes codes = learned(before);
    PatchCodes restored = PatchCodes.read(input(codes), kernels, CONFIG);
    assertThat(digest(restored)).isEqualTo(digest(codes));

    byte[] next = textures(60, 5);
    codes.learn(next, 60);
    restored.learn(next, 60);

    assertThat(digest(restored)).isEqualTo(digest(codes));
    assertThat(embed(restored, next, 60).array()).isEqualTo(embed(codes, next, 60).array());
  }

  @Test
  void threadsDoNotMatter() {
    try (Kernels one = new CpuKernels(1)) {
      PatchCodes alone = new PatchCodes(one, CONFIG, 1);
      alone.learn(textures(70, 1), 70);

      assertThat(digest(alone)).isEqualTo(digest(learned(70)));
    }
  }

  @Test
  void nothingIsEmbeddedBeforeTheWarmUpIsOver() {
    PatchCodes codes = learned(29);

    assertThat(codes.isReady()).isFalse();
    assertThatThrownBy(() -> embed(codes, textures(1, 1), 1))
        .hasMessageContaining("warm-up of 30 pictures is not over, there were 29");

    codes.learn(textures(1, 1), 1);
    assertThat(codes.isReady()).isTrue();
  }

  @Test
  void aShortStreamEndsItsWarmUpEarly() {
    PatchCodes codes = learned(12);
    codes.solveInPlace();

    assertThat(embed(codes, textures(3, 1), 3).rows()).isEqualTo(3);
    assertThatThrownBy(() -> new PatchCodes(kernels, CONFIG, 1).solveInPlace())
        .hasMessageContaining("at least 2 pictures");
  }

  @Test
  void mergedLanesEmbedAsOneStreamDoes() {
    byte[] first = textures(40, 6);
    byte[] second = textures(40, 7);
    PatchCodes whole = new PatchCodes(kernels, CONFIG, 1);
    whole.learn(first, 40);
    whole.learn(second, 40);
    PatchCodes left = new PatchCodes(kernels, CONFIG, 1);
    left.learn(first, 40);
    PatchCodes right = new PatchCodes(kernels, CONFIG, 2);
    right.adopt(left.dictionary());
    right.learn(second, 40);

    left.mergeInPlace(right);
    left.solveInPlace();
    whole.solveInPlace();

    assertThat(left.seen()).isEqualTo(80);
    byte[] queries = textures(10, 8);
    Matrix expected = embed(whole, queries, 10);
    Matrix actual = embed(left, queries, 10);
    for (int i = 0; i < 10; i++) {
      for (int j = 0; j < expected.columns(); j++) {
        assertThat(actual.get(i, j)).isCloseTo(expected.get(i, j), within(1e-3));
      }
    }
  }

  @Test
  void waitingPicturesOfTwoLanesMakeOneDictionary() {
    PatchCodes left = new PatchCodes(kernels, CONFIG, 1);
    PatchCodes right = new PatchCodes(kernels, CONFIG, 2);
    left.learn(textures(20, 6), 20);
    right.learn(textures(20, 7), 20);

    left.mergeInPlace(right);

    assertThat(left.isReady()).isTrue();
    assertThat(left.seen()).isEqualTo(40);
  }

  @Test
  void picturesThatWaitedAreLearnedWithAnAdoptedDictionary() {
    PatchDictionary published = learned(30).dictionary();
    PatchCodes other = new PatchCodes(kernels, CONFIG, 9);
    other.learn(textures(29, 9), 29);
    other.adopt(published);
    assertThat(other.isReady()).isFalse();

    other.learn(textures(1, 10), 1);

    assertThat(other.isReady()).isTrue();
    assertThat(other.dictionary().digest()).isEqualTo(published.digest());
  }

  @Test
  void codesOfTwoDictionariesDoNotMix() {
    PatchCodes left = learned(30);
    PatchCodes right = new PatchCodes(kernels, CONFIG, 2);

    assertThatThrownBy(() -> left.mergeInPlace(right)).hasMessageContaining("adopt");
    right.learn(textures(30, 9), 30);
    assertThatThrownBy(() -> left.mergeInPlace(right)).hasMessageContaining("do not mix");
    assertThatThrownBy(() -> left.adopt(right.dictionary())).hasMessageContaining("do not mix");
  }

  @Test
  void aStateOfAnotherConfigurationIsRefused() throws IOException {
    PatchCodesConfig other =
        new PatchCodesConfig(SIDE, 4, 2, 60, 0.25, 1e-3, 30, 80, 1, 8, 1e-3, 2, 16, 1e-2, 1.5);
    DataInputStream state = input(learned(5));

    assertThatThrownBy(() -> PatchCodes.read(state, kernels, other))
        .hasMessageContaining("threshold=0.2,")
        .hasMessageContaining("threshold=0.25,");
  }

  @Test
  void normalisedPixelsBecomeTheirBytesAgain() {
    byte[] picture = textures(1, 11);
    double[] values = new double[BYTES];
    for (int i = 0; i < BYTES; i++) {
      values[i] = ((picture[i] & 0xFF) / 255.0 - 0.5) / 0.25;
    }

    assertThat(PixelBytes.of(kernels.of(SIDE * SIDE, 3, values), 0.5, 0.25)).isEqualTo(picture);
    assertThat(PixelBytes.of(kernels.of(1, 3, -9, 0, 9), 0.5, 0.25))
        .containsExactly(0, (byte) 128, (byte) 255);
  }

  @Test
  void aPictureOfOneColourHasAnEmbedding() {
    PatchCodes codes = learned(40);
    Matrix row = embed(codes, new byte[BYTES], 1);

    for (int j = 0; j < row.columns(); j++) {
      assertThat(row.get(0, j)).isFinite();
    }
  }

  @Test
  void refusesPicturesOfAnotherSize() {
    assertThatThrownBy(() -> learned(1).learn(new byte[BYTES], 2))
        .hasMessageContaining("have " + BYTES + " bytes each");
  }

  private PatchCodes learned(int pictures) {
    PatchCodes codes = new PatchCodes(kernels, CONFIG, 1);
    codes.learn(textures(pictures, 1), pictures);
    return codes;
  }

  private Matrix embed(PatchCodes codes, byte[] pictures, int count) {
    Matrix out = kernels.allocate(count, CONFIG.dimensions());
    codes.embed(pictures, count, out);
    return out;
  }

  /** Stripes in four directions with any phase, in noise; picture {@code i} is of group i mod 4. */
  private static byte[] textures(int count, long seed) {
    SeededRandom random = new SeededRandom(seed);
    byte[] pictures = new byte[count * BYTES];
    for (int i = 0; i < count; i++) {
      double angle = Math.PI * (i % GROUPS) / GROUPS;
      double phase = 2 * Math.PI * random.nextDouble();
      for (int at = 0; at < SIDE * SIDE; at++) {
        double along = at % SIDE * Math.cos(angle) + at / SIDE * Math.sin(angle);
        for (int c = 0; c < 3; c++) {
          double value = 128 + 60 * Math.sin(1.6 * along + phase) + 15 * random.nextGaussian();
          pictures[i * BYTES + 3 * at + c] = (byte) Math.max(0, Math.min(255, value));
        }
      }
    }
    return pictures;
  }

  private static int[] groups(int count) {
    int[] groups = new int[count];
    for (int i = 0; i < count; i++) {
      groups[i] = i % GROUPS;
    }
    return groups;
  }

  private static String digest(CanonicalState state) {
    return CanonicalOutput.digestOf(state);
  }

  private static DataInputStream input(CanonicalState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    state.writeTo(new DataOutputStream(bytes));
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }
}
