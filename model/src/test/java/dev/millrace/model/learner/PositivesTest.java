package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.augment.ItemCorrelation;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PositivesTest {

  private static final int[] ALL = {0, 1, 2, 3};

  private final Kernels kernels = new CpuKernels(1);
  private final ItemRows rows = new ItemRows(Streams.config(1), kernels);
  private final SeededRandom random = new SeededRandom(5);

  private static SequenceLearnerConfig config(SequenceLearnerConfig.Positives positives) {
    return Streams.contrasting(Streams.config(3), 0.5, positives, 0);
  }

  private static SequenceLearner learner(SequenceLearnerConfig config) {
    return new SequenceLearner(config, new CpuKernels(1));
  }

  private static void observe(SequenceLearner learner, List<EventGroup<Interaction>> groups) {
    groups.forEach(group -> learner.observe(group, new Streams.Recorder()));
  }

  private static BasketExample example(int user, int line, int[] history, int... items) {
    int[] ages = IntStream.range(0, history.length).map(i -> history.length - i).toArray();
    return new BasketExample(user, history, ages, items, "", line);
  }

  private static int[] itemsOf(HistoryViews.View view) {
    return Arrays.stream(view.places()).map(p -> p < 0 ? -1 : view.items()[p]).toArray();
  }

  /** Ten items with rows, whose numbers are their ids. */
  private void admitItems() {
    for (int item = 0; item < 10; item++) {
      assertThat(rows.itemOf("i" + item)).isEqualTo(item);
      rows.sighted(item, 1);
    }
  }

  @ParameterizedTest
  @EnumSource(SequenceLearnerConfig.Positives.class)
  void restoredLearnerContinuesExactly(SequenceLearnerConfig.Positives positives)
      throws IOException {
    SequenceLearnerConfig config = config(positives);
    List<EventGroup<Interaction>> groups = Streams.groups(120, 5);
    try (SequenceLearner undisturbed = learner(config);
        SequenceLearner killed = learner(config)) {
      observe(undisturbed, groups);
      observe(killed, groups.subList(0, 61));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      killed.writeTo(new DataOutputStream(bytes));
      try (SequenceLearner restored =
          SequenceLearner.readFrom(
              config,
              new CpuKernels(1),
              new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())))) {
        assertThat(restored.digest()).isEqualTo(killed.digest());
        observe(restored, groups.subList(61, 120));
        assertThat(restored.digest()).isEqualTo(undisturbed.digest());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SequenceLearnerConfig.Positives.class)
  void contrastFallsWhileTheStreamRuns(SequenceLearnerConfig.Positives positives) {
    // The contrast weighs so much that the softmax's whole loss is small beside its fall.
    SequenceLearnerConfig config = Streams.contrasting(Streams.config(3), 20, positives, 0);
    Streams.Recorder recorder = new Streams.Recorder();
    try (SequenceLearner learner = learner(config)) {
      Streams.groups(400, 5).forEach(group -> learner.observe(group, recorder));
    }
    double[] losses =
        recorder.metrics.stream()
            .map(LearningMetrics::figures)
            .filter(figures -> figures.containsKey("loss"))
            .mapToDouble(figures -> figures.get("loss"))
            .toArray();
    double first = Arrays.stream(losses, 0, 3).average().orElseThrow();
    double last = Arrays.stream(losses, losses.length - 6, losses.length).average().orElseThrow();
    assertThat(first - last).isGreaterThan(6);
  }

  @Test
  void waysToMakePositivesGiveDifferentModels() {
    List<EventGroup<Interaction>> groups = Streams.groups(80, 5);
    long models =
        Arrays.stream(SequenceLearnerConfig.Positives.values())
            .map(
                positives -> {
                  try (SequenceLearner learner = learner(config(positives))) {
                    observe(learner, groups);
                    return Streams.weightsOf(learner);
                  }
                })
            .distinct()
            .count();
    assertThat(models).isEqualTo(3);
  }

  @Test
  void sameTargetTakesTheHistoryOfABasketThatSharesAnItem() {
    admitItems();
    ReplayBuffer recent = new ReplayBuffer(10);
    BasketExample own = example(1, 1, new int[] {0, 1, 2, 3}, 8);
    BasketExample same = example(2, 2, new int[] {4, 5}, 7, 8);
    recent.add(own, random);
    recent.add(same, random);
    recent.add(example(3, 3, new int[] {6, 7}, 9), random);
    SameTargetViews views = new SameTargetViews(recent, rows, 50);
    HistoryViews.View[] drawn = views.draw(own, ALL, 2, random);
    assertThat(itemsOf(drawn[0])).containsExactly(0, 1, 2, 3);
    assertThat(itemsOf(drawn[1])).containsExactly(4, 5);
    HistoryViews.View[] alone = views.draw(example(4, 4, new int[] {2, 3}, 6), ALL, 2, random);
    assertThat(alone[1]).isSameAs(alone[0]);
  }

  @Test
  void informativeViewsPutInTheItemBoughtWithTheOthers() {
    admitItems();
    ItemCorrelation correlation = new ItemCorrelation();
    // 0 and 9 belong together, and so do 1 and 8, 2 and 7, 3 and 6.
    for (int pair = 0; pair < 4; pair++) {
      InformativeHistoryViews.learn(
          correlation, example(pair, pair, new int[0], pair, 9 - pair), 50);
    }
    InformativeHistoryViews views = new InformativeHistoryViews(correlation, rows, 50);
    BasketExample example = example(9, 9, new int[] {0, 1, 2, 3}, 5);
    boolean inserted = false;
    boolean substituted = false;
    for (int i = 0; i < 200; i++) {
      HistoryViews.View view = views.draw(example, ALL, 2, random)[1];
      int[] items = itemsOf(view);
      for (int at = 0; at < items.length; at++) {
        if (items[at] >= 6) {
          int partner = 9 - items[at];
          boolean beside = Arrays.stream(items).anyMatch(item -> item == partner);
          inserted |= beside && items.length > 4;
          substituted |= !beside && items.length == 4;
          assertThat(view.ages()[view.places()[at]]).isEqualTo(4 - partner);
        }
      }
    }
    assertThat(inserted).isTrue();
    assertThat(substituted).isTrue();
  }

  @Test
  void similarItemWithoutARowIsLeftOut() {
    admitItems();
    ItemCorrelation correlation = new ItemCorrelation();
    InformativeHistoryViews.learn(correlation, example(1, 1, new int[0], 0, 77), 50);
    InformativeHistoryViews views = new InformativeHistoryViews(correlation, rows, 50);
    for (int i = 0; i < 50; i++) {
      HistoryViews.View view =
          views.draw(example(9, 9, new int[] {0, 1}, 5), new int[] {0, 1}, 2, random)[0];
      assertThat(itemsOf(view)).doesNotContain(77);
    }
  }
}
