package dev.millrace.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CpuKernelsTest extends KernelsContract {

  @Override
  Kernels create() {
    return new CpuKernels();
  }

  @Override
  double tolerance() {
    return 2e-5;
  }

  @Test
  void bitsDoNotDependOnTheNumberOfThreads() {
    double[] alone = chain(1);
    assertThat(chain(2)).isEqualTo(alone);
    assertThat(chain(5)).isEqualTo(alone);
  }

  /** Products, softmax, sums over rows and a scatter, each large enough to be cut. */
  private double[] chain(int threads) {
    SeededRandom same = new SeededRandom(3);
    int m = 700;
    int n = 130;
    double[] drawn = each(m * n, i -> same.nextGaussian());
    int[] targets = new int[m];
    for (int i = 0; i < m; i++) {
      targets[i] = same.nextInt(n);
    }
    try (Kernels some = new CpuKernels(threads)) {
      Matrix x = some.of(m, n, drawn);
      Matrix gram = some.allocate(n, n);
      some.multiplyTransposed(x, x, 0.01, 0, gram);
      Matrix logits = some.allocate(m, n);
      some.multiply(x, gram, 1, 0, logits);
      some.crossEntropyRowsInPlace(logits, targets, some.allocate(m, 1));
      Matrix table = some.allocate(n, n);
      some.scatterAddRowsInPlace(table, targets, m, 0.5, logits);
      Matrix row = some.allocate(1, n);
      some.sumOfRows(logits, 0, row);
      some.addRowInPlace(table, row);
      Matrix back = some.allocate(m, n);
      some.multiplyByTransposed(logits, table, 1, 0, back);
      some.multiplyTransposed(x, back, 1, 1, table);
      return values(table);
    }
  }
}
