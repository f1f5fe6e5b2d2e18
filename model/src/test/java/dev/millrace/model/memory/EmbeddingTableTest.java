package dev.millrace.model.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.kernel.AdamStep;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EmbeddingTableTest {

  private static final int WIDTH = 8;

  private final Kernels kernels = new CpuKernels(1);
  private final List<String> removed = new ArrayList<>();

  private EmbeddingTable table(EmbeddingTableConfig config) {
    return new EmbeddingTable(config, kernels, (id, row, why) -> removed.add(id + " " + why));
  }

  private static EmbeddingTableConfig config(int rows) {
    return EmbeddingTableConfig.of(WIDTH, rows, 7);
  }

  private double[] vector(EmbeddingTable table, int row) {
    double[] values = new double[WIDTH];
    table.vectors().value().rows(row, row + 1).copyTo(values, 0);
    return values;
  }

  @Test
  void noTwoIdsShareARow() {
    EmbeddingTable table = table(config(5_000));
    Set<Integer> rows = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      assertThat(rows.add(table.sighted("item-" + i, i))).isTrue();
    }
    assertThat(rows).doesNotContain(EmbeddingTable.PADDING);
    for (int i = 0; i < 5_000; i++) {
      assertThat(table.idAt(table.indexOf("item-" + i))).isEqualTo("item-" + i);
    }
  }

  @Test
  void idGetsARowAtItsKthSighting() {
    EmbeddingTable table = table(config(10).withAdmitAfter(3, 100));
    assertThat(table.sighted("a", 1)).isEqualTo(EmbeddingTable.ABSENT);
    assertThat(table.sighted("a", 2)).isEqualTo(EmbeddingTable.ABSENT);
    assertThat(table.sighted("a", 3)).isNotEqualTo(EmbeddingTable.ABSENT);
  }

  @Test
  void fullTableEvictsTheLeastRecentlyUsed() {
    EmbeddingTable table = table(config(3));
    table.sighted("a", 1);
    table.sighted("b", 2);
    table.sighted("c", 3);
    table.touch("a", 4);
    table.sighted("d", 5);
    assertThat(removed).containsExactly("b EVICTED");
    assertThat(table.size()).isEqualTo(3);
    assertThat(table.indexOf("b")).isEqualTo(EmbeddingTable.ABSENT);
  }

  @Test
  void unusedRowExpires() {
    EmbeddingTable table = table(config(10).withExpireAfter(100));
    table.sighted("old", 0);
    table.sighted("new", 60);
    assertThat(table.expire(99)).isZero();
    assertThat(table.expire(100)).isEqualTo(1);
    assertThat(removed).containsExactly("old EXPIRED");
  }

  @Test
  void removedIdStartsAgainWithItsFirstVectorAndNoMoments() {
    EmbeddingTable table = table(config(2));
    int row = table.sighted("a", 1);
    double[] first = vector(table, row);
    Matrix gradient = kernels.allocate(table.bound(), WIDTH);
    kernels.fillInPlace(gradient, 1);
    table.vectors().adamInPlace(gradient, new AdamStep(0.1, 0.9, 0.999, 1e-8, 0, 1));
    assertThat(vector(table, row)).isNotEqualTo(first);
    assertThat(vector(table, EmbeddingTable.PADDING)).containsOnly(0);
    table.sighted("b", 2);
    table.sighted("c", 3);
    int again = table.sighted("a", 4);
    assertThat(vector(table, again)).isEqualTo(first);
    double[] moments = new double[WIDTH];
    table.vectors().first().rows(again, again + 1).copyTo(moments, 0);
    assertThat(moments).containsOnly(0);
  }

  @Test
  void restoredTableContinuesExactly() throws IOException {
    EmbeddingTableConfig config =
        config(40).withAdmitAfter(2, 30).withExpireAfter(200).withBiases(true);
    EmbeddingTable whole = table(config);
    SeededRandom random = new SeededRandom(3);
    for (int time = 0; time < 600; time++) {
      whole.sighted("i" + random.nextInt(90), time);
      whole.expire(time);
      if (time % 97 == 0) {
        byte[] bytes = bytes(whole);
        whole =
            EmbeddingTable.readFrom(
                new DataInputStream(new ByteArrayInputStream(bytes)),
                kernels,
                (id, row, why) -> removed.add(id));
        assertThat(bytes(whole)).isEqualTo(bytes);
      }
    }
    EmbeddingTable straight = table(config);
    SeededRandom same = new SeededRandom(3);
    for (int time = 0; time < 600; time++) {
      straight.sighted("i" + same.nextInt(90), time);
      straight.expire(time);
    }
    assertThat(bytes(whole)).isEqualTo(bytes(straight));
  }

  @Test
  void memoryIsBoundedByTheCap() {
    EmbeddingTable table = table(config(500));
    for (int i = 0; i < 2_000; i++) {
      table.sighted("i" + i, i);
    }
    long bytes = table.vectors().memoryBytes();
    for (int i = 2_000; i < 40_000; i++) {
      table.sighted("i" + i, i);
    }
    assertThat(table.vectors().memoryBytes()).isEqualTo(bytes);
    assertThat(table.size()).isEqualTo(500);
    assertThat(table.statistics().evictions()).isEqualTo(39_500);
  }

  private static byte[] bytes(EmbeddingTable table) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    table.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }
}
