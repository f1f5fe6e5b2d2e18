package dev.millrace.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.model.kernel.PackedSegments;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SequenceBatchTest {

  @Test
  void sequencesArePackedOneAfterAnother() {
    SequenceBatch batch = new SequenceBatch();
    batch.add(5, 6, 7).ask(0).ask(2);
    batch.add(new int[] {9, 8, 0, 4, 9}, 1, 4).askLast();
    PackedSegments asked = batch.asked();
    assertThat(asked.tokens()).isEqualTo(6);
    assertThat(Arrays.copyOf(asked.offsets(), 3)).containsExactly(0, 3, 6);
    assertThat(Arrays.copyOf(batch.tokens(), 6)).containsExactly(5, 6, 7, 8, 0, 4);
    assertThat(Arrays.copyOf(batch.positions(), 6)).containsExactly(0, 1, 2, 0, 1, 2);
    assertThat(Arrays.copyOf(asked.masked(), 6))
        .containsExactly(false, false, false, false, true, false);
    assertThat(Arrays.copyOf(asked.queryRows(), asked.queries())).containsExactly(0, 2, 5);
    assertThat(batch.longest()).isEqualTo(3);
  }

  @Test
  void aClearedBatchIsFilledAfresh() {
    SequenceBatch batch = new SequenceBatch();
    batch.add(1, 2, 0, 4).askAll();
    batch.clear();
    batch.add(1, 2, 3).askLast();
    assertThat(batch.tokenCount()).isEqualTo(3);
    assertThat(batch.queries()).isEqualTo(1);
    assertThat(batch.longest()).isEqualTo(3);
    assertThat(batch.asked().masked()[2]).isFalse();
  }

  @Test
  void batchesGrowBeyondTheirFirstCapacity() {
    SequenceBatch batch = new SequenceBatch();
    int[] items = new int[50];
    Arrays.fill(items, 3);
    for (int i = 0; i < 300; i++) {
      items[0] = i + 1;
      batch.add(items, 0, 50).askAll();
    }
    assertThat(batch.tokenCount()).isEqualTo(15_000);
    assertThat(batch.queries()).isEqualTo(15_000);
    assertThat(batch.tokens()[299 * 50]).isEqualTo(300);
    PackedSegments everywhere = batch.everywhere();
    assertThat(everywhere.offsets()[300]).isEqualTo(15_000);
    assertThat(everywhere.queryRows()[14_999]).isEqualTo(14_999);
    assertThat(batch.queryRows()[14_999]).isEqualTo(14_999);
  }

  @Test
  void impossibleRequestsAreRefused() {
    SequenceBatch batch = new SequenceBatch();
    assertThatIllegalStateException().isThrownBy(batch::askLast);
    assertThatIllegalArgumentException().isThrownBy(batch::add);
    assertThatIllegalArgumentException().isThrownBy(() -> batch.add(-1));
    batch.add(1, 2, 3).ask(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.ask(1))
        .withMessageContaining("ascending");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.ask(3))
        .withMessageContaining("position 3 of a sequence of 3 items");
  }
}
