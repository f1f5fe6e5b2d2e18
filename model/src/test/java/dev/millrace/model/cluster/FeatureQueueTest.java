package dev.millrace.model.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FeatureQueueTest {

  private final Kernels kernels = new CpuKernels(1);

  private static double[] values(FeatureQueue queue) {
    double[] values = new double[(int) queue.rows().size()];
    queue.rows().copyTo(values, 0);
    return values;
  }

  /** Two crops of two rows of one column. */
  private Matrix batch(double... values) {
    return kernels.of(4, 1, values);
  }

  @Test
  void eachCropHasAQueueOfItsOwnAndTheOldestRowsGo() {
    FeatureQueue queue = new FeatureQueue(kernels, 2, 3, 1);
    queue.addInPlace(batch(1, 2, 11, 12), 2);
    assertThat(values(queue)).containsExactly(1, 2, 0, 11, 12, 0);
    queue.addInPlace(batch(3, 4, 13, 14), 2);
    assertThat(values(queue)).containsExactly(4, 2, 3, 14, 12, 13);
  }

  @Test
  void batchLongerThanTheQueueLeavesItsLastRows() {
    FeatureQueue queue = new FeatureQueue(kernels, 2, 1, 1);
    queue.addInPlace(batch(1, 2, 11, 12), 2);
    assertThat(values(queue)).containsExactly(2, 12);
  }

  @Test
  void isInUseOnceItIsFullAndTheLossHasFallenBelowNineTenthsOfChance() {
    FeatureQueue queue = new FeatureQueue(kernels, 2, 4, 1);
    double low = 0.5 * Math.log(8);
    queue.addInPlace(batch(1, 2, 11, 12), 2);
    assertThat(queue.isInUse(low, 8)).as("half full").isFalse();
    queue.addInPlace(batch(3, 4, 13, 14), 2);
    assertThat(queue.isInUse(low, 8)).isTrue();
    assertThat(queue.isInUse(0.95 * Math.log(8), 8)).as("loss near chance").isFalse();
    assertThat(queue.isInUse(Double.NaN, 8)).as("no loss yet").isFalse();
  }

  @Test
  void restoredQueueGoesOnWhereItWas() throws IOException {
    FeatureQueue queue = new FeatureQueue(kernels, 2, 3, 1);
    queue.addInPlace(batch(1, 2, 11, 12), 2);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    queue.writeTo(new DataOutputStream(bytes));
    FeatureQueue restored = new FeatureQueue(kernels, 2, 3, 1);
    restored.readInPlace(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    restored.addInPlace(batch(3, 4, 13, 14), 2);
    queue.addInPlace(batch(3, 4, 13, 14), 2);
    assertThat(values(restored)).isEqualTo(values(queue));
    assertThat(restored.isInUse(0, 8)).isTrue();
  }
}
