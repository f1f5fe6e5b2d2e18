package dev.millrace.model.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millrace.model.augment.SequenceViews.Pair;
import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SequenceViewsTest {

  private static final int[] HISTORY = IntStream.rangeClosed(1, 10).toArray();

  private final SequenceViews views = new SequenceViews(ViewConfig.STANDARD);

  @Test
  void historyIsNeverChanged() {
    int[] history = HISTORY.clone();
    SeededRandom random = new SeededRandom(1);
    for (int i = 0; i < 200; i++) {
      views.pair(history, random);
    }
    assertThat(history).isEqualTo(HISTORY);
  }

  @Test
  void theTwoViewsComeFromDifferentOperatorsAndAllPairsOccur() {
    SeededRandom random = new SeededRandom(2);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      Pair pair = views.pair(HISTORY, random);
      SequenceOperator first = operatorOf(pair.first());
      SequenceOperator second = operatorOf(pair.second());
      assertThat(first).isNotEqualTo(second);
      seen.add(first + " " + second);
    }
    assertThat(seen).hasSize(6);
  }

  /** Of ten items, a crop has five, a mask has zeros, and only a reordering has neither. */
  private static SequenceOperator operatorOf(int[] view) {
    if (view.length == 5) {
      return SequenceOperator.CROP;
    }
    return Arrays.stream(view).anyMatch(item -> item == 0)
        ? SequenceOperator.MASK
        : SequenceOperator.REORDER;
  }

  @Test
  void aCropKeepsNeighboursInTheirOrderAndEveryStartOccurs() {
    SeededRandom random = new SeededRandom(3);
    Set<Integer> starts = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      int[] view = views.view(SequenceOperator.CROP, HISTORY, random);
      assertThat(view).isEqualTo(IntStream.range(view[0], view[0] + 5).toArray());
      starts.add(view[0]);
    }
    assertThat(starts).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
  }

  @Test
  void aMaskReplacesHalfOfTheItemsAndEveryPositionIsReplacedEquallyOften() {
    SeededRandom random = new SeededRandom(4);
    int[] count = new int[10];
    for (int i = 0; i < 4000; i++) {
      int[] view = views.view(SequenceOperator.MASK, HISTORY, random);
      int replaced = 0;
      for (int j = 0; j < 10; j++) {
        assertThat(view[j]).isIn(0, HISTORY[j]);
        if (view[j] == 0) {
          count[j]++;
          replaced++;
        }
      }
      assertThat(replaced).isEqualTo(5);
    }
    for (int c : count) {
      assertThat(c).isBetween(1850, 2150);
    }
  }

  @Test
  void aReorderingMovesItemsInsideAWindowOnly() {
    SeededRandom random = new SeededRandom(5);
    for (int i = 0; i < 500; i++) {
      int[] view = views.view(SequenceOperator.REORDER, HISTORY, random);
      assertThat(view).containsExactlyInAnyOrder(HISTORY);
      int fixed = 0;
      while (fixed < 10 && view[fixed] == HISTORY[fixed]) {
        fixed++;
      }
      int last = 9;
      while (last >= 0 && view[last] == HISTORY[last]) {
        last--;
      }
      assertThat(last - fixed).isLessThan(8);
    }
  }

  @Test
  void sameRandomStateGivesTheSameViews() {
    SeededRandom random = new SeededRandom(6);
    views.pair(HISTORY, random);
    SeededRandom restored = new SeededRandom(0);
    restored.restore(random.state());
    Pair first = views.pair(HISTORY, random);
    Pair second = views.pair(HISTORY, restored);
    assertThat(second.first()).isEqualTo(first.first());
    assertThat(second.second()).isEqualTo(first.second());
  }

  @Test
  void aSingleItemIsBothViewsAndNothingIsShared() {
    int[] history = {7};
    Pair pair = views.pair(history, new SeededRandom(7));
    assertThat(pair.first()).containsExactly(7).isNotSameAs(history);
    assertThat(pair.second()).containsExactly(7).isNotSameAs(pair.first());
  }

  @Test
  void aCropKeepsAtLeastOneItem() {
    SequenceViews most = new SequenceViews(new ViewConfig(1, 0.5, 0.8, 0));
    assertThat(most.view(SequenceOperator.CROP, new int[] {4, 5}, new SeededRandom(8))).hasSize(1);
  }

  @Test
  void impossibleDrawsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SequenceOperations.crop(HISTORY, 6, 5))
        .withMessageContaining("5 items from 6 on, of a sequence of 10");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SequenceOperations.reorder(HISTORY, 0, new int[] {0, 0}))
        .withMessageContaining("no permutation");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SequenceOperations.mask(HISTORY, new int[] {10}, 0))
        .withMessageContaining("position 10");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ViewConfig(1.5, 0, 0, 0))
        .withMessageContaining("cropRatio");
  }
}
