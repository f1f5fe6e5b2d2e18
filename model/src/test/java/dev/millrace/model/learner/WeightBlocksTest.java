package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightBlocksTest {

  private static List<float[]> blocks(float... first) {
    return List.of(first, new float[] {1});
  }

  @Test
  void changesAreAddedOrAveraged() {
    List<float[]> sum = blocks(1, 2);
    WeightBlocks.mergeInPlace(sum, List.of(blocks(2, 2), blocks(1, 6)), 0);
    assertThat(sum.get(0)).containsExactly(2, 6);
    List<float[]> mean = blocks(1, 2);
    WeightBlocks.mergeInPlace(mean, List.of(blocks(2, 2), blocks(1, 6)), 1);
    assertThat(mean.get(0)).containsExactly(1.5f, 4);
    assertThat(mean.get(1)).containsExactly(1);
    List<float[]> between = blocks(1, 2);
    WeightBlocks.mergeInPlace(between, List.of(blocks(2, 2), blocks(2, 2)), 0.5);
    assertThat(between.get(0)).containsExactly((float) (1 + Math.sqrt(2)), 2);
  }

  @Test
  void oneLanesWeightsAreTakenBitForBit() {
    List<float[]> base = blocks(0.1f, 3e7f);
    WeightBlocks.mergeInPlace(base, List.of(blocks(0.30000001f, -7e-3f)), 1);
    assertThat(base.get(0)).containsExactly(0.30000001f, -7e-3f);
  }

  @Test
  void readsAndWritesAllOfThem() {
    Kernels kernels = new CpuKernels(1);
    Matrix one = kernels.of(1, 2, 1, 2);
    Matrix two = kernels.of(2, 1, 3, 4);
    WeightBlocks blocks = new WeightBlocks(List.of(() -> one, () -> two));
    List<float[]> before = blocks.read();
    blocks.write(List.of(new float[] {5, 6}, new float[] {7, 8}));
    assertThat(two.get(1, 0)).isEqualTo(8);
    blocks.write(before);
    assertThat(one.get(0, 1)).isEqualTo(2);
  }

  @Test
  void otherSizesAreRefused() {
    assertThatThrownBy(() -> WeightBlocks.mergeInPlace(blocks(1, 2), List.of(blocks(1, 2, 3)), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one configuration");
  }
}
