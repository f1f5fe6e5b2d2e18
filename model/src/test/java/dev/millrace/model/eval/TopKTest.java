package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TopKTest {

  @Test
  void selectsWhatAFullSortSelects() {
    Random random = new Random(7);
    TopK list = new TopK(20);
    for (int trial = 0; trial < 200; trial++) {
      int count = 1 + random.nextInt(500);
      float[] scores = new float[count + random.nextInt(5)];
      ItemMask excluded = new ItemMask();
      for (int item = 0; item < scores.length; item++) {
        // Few distinct values: most ranks are decided by the rule for ties.
        scores[item] = random.nextInt(30) - 10;
        if (random.nextInt(4) == 0) {
          excluded.add(item);
        }
      }

      list.select(scores, count, excluded);

      Comparator<Integer> byScore = Comparator.comparing(item -> -scores[item]);
      assertThat(items(list))
          .isEqualTo(
              IntStream.range(0, count)
                  .filter(item -> !excluded.contains(item))
                  .boxed()
                  .sorted(byScore.thenComparing(Comparator.reverseOrder()))
                  .limit(20)
                  .toList());
    }
  }

  @Test
  void laterItemsComeFirstAmongEqualScores() {
    TopK list = new TopK(3);

    list.select(new float[] {1, 2, 1, 2, 1}, 5);

    assertThat(items(list)).containsExactly(3, 1, 4);
    assertThat(list.score(0)).isEqualTo(2);
    assertThat(list.score(2)).isEqualTo(1);
  }

  @Test
  void itemsOfScoreNegativeInfinityAreNeverSelected() {
    TopK list = new TopK(3);

    list.select(new float[] {Float.NEGATIVE_INFINITY, -5, Float.NEGATIVE_INFINITY}, 3);

    assertThat(items(list)).containsExactly(1);
    assertThatThrownBy(() -> list.item(1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void nanIsNamedUnlessItsItemIsExcluded() {
    TopK list = new TopK(2);
    float[] scores = {9, 8, Float.NaN, 7};
    ItemMask excluded = new ItemMask();
    excluded.add(2);

    list.select(scores, 4, excluded);

    assertThat(items(list)).containsExactly(0, 1);
    assertThatThrownBy(() -> list.select(scores, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the score of item 2 is NaN");
  }

  @Test
  void aSelectionForgetsTheOneBefore() {
    TopK list = new TopK(2);
    list.select(new float[] {5, 6, 7}, 3);

    list.select(new float[] {1}, 1);

    assertThat(items(list)).containsExactly(0);
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new TopK(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TopK(1).select(new float[2], 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 items, but 2 scores");
  }

  private static List<Integer> items(TopK list) {
    return IntStream.range(0, list.size()).map(list::item).boxed().toList();
  }
}
