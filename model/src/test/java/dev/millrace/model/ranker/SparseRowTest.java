package dev.millrace.model.ranker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.kernel.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SparseRowTest {

  private static byte[] bytes(SparseRow row) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    row.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @Test
  void holdsWhatAMapWouldHold() {
    SparseRow row = new SparseRow(2);
    Map<Integer, Float> expected = new HashMap<>();
    SeededRandom random = new SeededRandom(1);
    for (int i = 0; i < 5_000; i++) {
      // Multiples of a power of two meet in one slot of a poor hash.
      int key = random.nextInt(700) * 1024;
      int place = row.place(key);
      row.channel(0)[place]++;
      row.channel(1)[place] += 0.5f;
      expected.merge(key, 1f, Float::sum);
    }
    assertThat(row.size()).isEqualTo(expected.size());
    expected.forEach(
        (key, count) -> {
          assertThat(row.get(0, key)).isEqualTo(count);
          assertThat(row.get(1, key)).isEqualTo(count / 2);
        });
    assertThat(row.find(3)).isEqualTo(-1);
    assertThat(row.get(0, 3)).isZero();
  }

  @Test
  void keepsTheLargestAndOfEqualOnesTheLowKeys() {
    SparseRow row = new SparseRow(1);
    float[] values = {3, 1, 2, 2, 5, 2};
    for (int key = 0; key < values.length; key++) {
      int place = row.place(key);
      row.channel(0)[place] = values[key];
    }
    row.keepLargest(3, 0);
    assertThat(row.size()).isEqualTo(3);
    assertThat(row.get(0, 4)).isEqualTo(5);
    assertThat(row.get(0, 0)).isEqualTo(3);
    assertThat(row.get(0, 2)).isEqualTo(2);
    assertThat(row.find(3)).isEqualTo(-1);
    row.place(3);
    assertThat(row.get(0, 3)).as("a new entry begins at 0").isZero();
  }

  @Test
  void bytesDoNotDependOnTheOrderOfEntriesAndAreReadBack() throws IOException {
    SparseRow up = new SparseRow(2);
    SparseRow down = new SparseRow(2);
    for (int i = 0; i < 100; i++) {
      int atUp = up.place(i);
      up.channel(0)[atUp] = i;
      int atDown = down.place(99 - i);
      down.channel(0)[atDown] = 99 - i;
    }
    assertThat(bytes(up)).isEqualTo(bytes(down));
    SparseRow read =
        SparseRow.readFrom(new DataInputStream(new ByteArrayInputStream(bytes(up))), 2);
    assertThat(bytes(read)).isEqualTo(bytes(up));
    for (int i = 0; i < 100; i++) {
      assertThat(read.get(0, i)).isEqualTo(i);
    }
  }
}
