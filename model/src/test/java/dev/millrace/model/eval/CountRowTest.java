package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CountRowTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100, 4_000, 1_000_000})
  void countsEqualThoseOfAPlainMap(int items) {
    Random random = new Random(items);
    CountRow row = new CountRow();
    Map<Integer, Float> expected = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      int item = item(random, items, i);
      row.increment(item);
      expected.merge(item, 1f, Float::sum);
    }

    assertThat(row.size()).isEqualTo(expected.size());
    expected.forEach((item, count) -> assertThat(row.get(item)).isEqualTo(count));
    assertThat(row.get(items)).isZero();
    float[] sums = new float[items];
    row.addQuotientsInPlace(sums, 4);
    for (int item = 0; item < items; item++) {
      assertThat(sums[item]).isEqualTo(expected.getOrDefault(item, 0f) / 4);
    }
    assertThat(row.max()).isEqualTo(expected.values().stream().max(Float::compare).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100, 4_000, 1_000_000})
  void restoredRowContinuesExactly(int items) throws IOException {
    Random random = new Random(items);
    CountRow row = new CountRow();
    for (int i = 0; i < 700; i++) {
      row.increment(item(random, items, i));
    }
    byte[] state = bytes(row);
    CountRow restored = restore(state);
    assertThat(bytes(restored)).isEqualTo(state);

    for (int i = 0; i < 700; i++) {
      int item = item(random, items, 700 + i);
      row.increment(item);
      restored.increment(item);
    }
    assertThat(bytes(restored)).isEqualTo(bytes(row)).isNotEqualTo(state);
  }

  @Test
  void memoryFollowsTheEntriesAndNotTheLargestItem() {
    CountRow row = new CountRow();
    for (int item = 0; item < 50; item++) {
      row.increment(item);
    }
    assertThat(row.bytes()).as("dense").isLessThan(50 * 8);

    row.increment(5_000_000);

    assertThat(row.bytes()).as("sparse again").isLessThanOrEqualTo(128 * 8);
    assertThat(row.get(49)).isEqualTo(1);
    assertThat(row.get(5_000_000)).isEqualTo(1);
  }

  @Test
  void aStateThatIsCutShortIsRefused() throws IOException {
    CountRow row = new CountRow();
    row.increment(3);
    byte[] state = bytes(row);
    // The block says that it is shorter than the row it holds.
    state[3]--;

    assertThatThrownBy(() -> restore(state))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ends within a packed block");
  }

  /** Items appear one after the other, as in a stream; early ones stay more frequent. */
  private static int item(Random random, int items, int step) {
    int known = Math.min(items, 10 * (step + 1));
    return Math.min(random.nextInt(known), random.nextInt(known));
  }

  private static byte[] bytes(CountRow row) throws IOException {
    PackedBytes packed = new PackedBytes();
    row.write(packed);
    return StateBytes.of(packed::writeBlock);
  }

  private static CountRow restore(byte[] state) throws IOException {
    PackedBytes packed = new PackedBytes();
    packed.readBlock(StateBytes.input(state));
    return CountRow.read(packed);
  }
}
