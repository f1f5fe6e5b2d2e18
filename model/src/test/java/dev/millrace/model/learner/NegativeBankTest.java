package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NegativeBankTest {

  private final Kernels kernels = new CpuKernels(1);
  private final SequenceLearnerConfig config = Streams.config(1).withObjective("info-nce");

  private static BasketExample example(int user, int newestItem, String category) {
    return new BasketExample(
        user, new int[] {7, newestItem}, new int[] {2, 1}, new int[] {9}, category, 1);
  }

  private Matrix keys(int rows, double from) {
    double[] values = new double[rows * config.model().width()];
    for (int i = 0; i < values.length; i++) {
      values[i] = from + i;
    }
    return kernels.of(rows, config.model().width(), values);
  }

  @Test
  void negativesAreOfTheOwnKeyAndOfAnotherUserAndAnotherItem() {
    NegativeBank bank = new NegativeBank(config.bank(), 0, kernels);
    bank.enqueue(
        keys(4, 0),
        List.of(
            example(1, 10, "red"),
            example(2, 20, "red"),
            example(3, 30, "red"),
            example(4, 40, "blue")),
        5);
    bank.collect(List.of(example(1, 20, "red"), example(9, 90, "blue")), kernels);
    // Entries come key by key in the order of the examples: three of "red", then one of "blue".
    assertThat(bank.vectors().rows()).isEqualTo(4);
    assertThat(bank.keys()).containsExactly("red", "red", "red", "blue");
    assertThat(bank.mask()).containsExactly(0, 0, 1, 0, 0, 0, 0, 1);
    assertThat(bank.meanAge(8)).isEqualTo(3);
  }

  @Test
  void emptyBankHasNoNegatives() {
    NegativeBank bank = new NegativeBank(config.bank(), 0, kernels);
    bank.collect(List.of(example(1, 1, "")), kernels);
    assertThat(bank.vectors().rows()).isZero();
  }

  @Test
  void restoredBankHoldsTheSameVectors() throws IOException {
    NegativeBank bank = new NegativeBank(config.bank(), 0, kernels);
    bank.enqueue(keys(2, 3), List.of(example(1, 10, "a"), example(2, 20, "b")), 1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bank.writeTo(new DataOutputStream(bytes));
    NegativeBank restored =
        NegativeBank.readFrom(
            new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), 0, kernels);
    restored.collect(List.of(example(9, 90, "b")), kernels);
    float[] vector = new float[config.model().width()];
    restored.vectors().copyTo(vector, 0);
    float[] expected = new float[vector.length];
    keys(2, 3).rows(1, 2).copyTo(expected, 0);
    assertThat(vector).isEqualTo(expected);
  }
}
