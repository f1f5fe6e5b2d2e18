package dev.millrace.model.kernel;

import java.nio.ByteBuffer;

/** Softmax and cross entropy by rows, each row read from memory once and then from cache. */
final class CpuSoftmax {

  private final Cpu cpu;
  private final RowMath math;

  CpuSoftmax(Cpu cpu) {
    this.cpu = cpu;
    this.math = cpu.math;
  }

  void logSumExp(Matrix x, Matrix out) {
    ByteBuffer logits = x.bytes();
    ByteBuffer result = out.bytes();
    int n = x.columns();
    cpu.byRows(
        x.rows(),
        n,
        (from, to, chunk) -> {
          for (int i = from; i < to; i++) {
            float max = math.max(logits, 4 * i * n, n);
            float value = max;
            if (max != Float.NEGATIVE_INFINITY) {
              value = (float) (max + Math.log(math.sumOfExp(logits, 4 * i * n, n, max)));
            }
            result.putFloat(4 * i, value);
          }
        });
  }

  void softmax(Matrix x, Matrix logSumExp) {
    ByteBuffer logits = x.bytes();
    ByteBuffer result = logSumExp.bytes();
    int n = x.columns();
    cpu.byRows(
        x.rows(),
        n,
        (from, to, chunk) -> {
          for (int i = from; i < to; i++) {
            result.putFloat(4 * i, softmaxRow(logits, 4 * i * n, n));
          }
        });
  }

  private float softmaxRow(ByteBuffer x, int at, int n) {
    float max = math.max(x, at, n);
    if (max == Float.NEGATIVE_INFINITY) {
      math.fill(x, at, n, 0);
      return max;
    }
    float sum = math.exp(x, at, n, max);
    math.scale(x, at, n, 1 / sum);
    return (float) (max + Math.log(sum));
  }

  void crossEntropy(Matrix x, int[] targets, Matrix rowLoss) {
    ByteBuffer logits = x.bytes();
    ByteBuffer losses = rowLoss.bytes();
    int n = x.columns();
    cpu.byRows(
        x.rows(),
        n,
        (from, to, chunk) -> {
          for (int i = from; i < to; i++) {
            losses.putFloat(4 * i, crossEntropyRow(logits, 4 * i * n, n, targets[i]));
          }
        });
  }

  private float crossEntropyRow(ByteBuffer x, int at, int n, int target) {
    int targetAt = at + 4 * target;
    float positive = x.getFloat(targetAt);
    x.putFloat(targetAt, Float.NEGATIVE_INFINITY);
    float max = math.max(x, at, n);
    if (max == Float.NEGATIVE_INFINITY) {
      math.fill(x, at, n, 0);
      return 0;
    }
    float others = math.exp(x, at, n, max);
    // The margin by which all others together beat the target; the loss is its softplus.
    double margin = max + Math.log(others) - positive;
    double share = 1 / (1 + Math.exp(-margin));
    math.scale(x, at, n, (float) (share / others));
    x.putFloat(targetAt, (float) -share);
    return (float)
        (margin > 0 ? margin + Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)));
  }
}
