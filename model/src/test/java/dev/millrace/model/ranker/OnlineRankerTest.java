package dev.millrace.model.ranker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.eval.Basket;
import dev.millrace.model.eval.TimeGroup;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnlineRankerTest {

  private static final long DAY = 86_400_000;

  /** Small bounds, so that all of them are met. */
  private static final RankerConfig SMALL =
      new RankerConfig(
          true, 60, 2_000, 4, 10, 0.75, 12, 8, 6, 5, 20, 3, 4, 4, 0.01, 4, 2, 20, 6, 8);

  private static final RankerConfig WIDE = RankerConfig.STANDARD;

  /** Users who buy again what they bought, and more of their own kind. */
  private static List<TimeGroup> groups(int count, long seed, long days) {
    SeededRandom random = new SeededRandom(seed);
    List<TimeGroup> groups = new ArrayList<>();
    for (int g = 0; g < count; g++) {
      TimeGroup.Builder builder = new TimeGroup.Builder(days * DAY * g);
      int user = random.nextInt(15);
      for (int line = 0; line < 4; line++) {
        int kind = random.nextInt(10) < 8 ? user % 3 : random.nextInt(3);
        builder.add(user, kind * 20 + random.nextInt(20));
      }
      groups.add(builder.build());
    }
    return groups;
  }

  private static OnlineRanker ranker(RankerConfig config) {
    return new OnlineRanker(config, new CpuKernels(1), 3);
  }

  private static void run(OnlineRanker ranker, List<TimeGroup> groups) {
    for (TimeGroup group : groups) {
      for (Basket basket : group.baskets()) {
        ranker.score(basket.user(), group.eventTime(), null, true);
        ranker.remember(basket);
      }
      ranker.learn(group);
    }
  }

  private static byte[] bytes(OnlineRanker ranker) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ranker.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static OnlineRanker restored(RankerConfig config, byte[] bytes) throws IOException {
    return OnlineRanker.readFrom(
        new DataInputStream(new ByteArrayInputStream(bytes)), config, new CpuKernels(1));
  }

  @Test
  void restoredRankerContinuesBitForBit() throws IOException {
    // Half a year a step: time is scaled down on the way.
    List<TimeGroup> groups = groups(120, 1, 180);
    OnlineRanker whole = ranker(SMALL);
    run(whole, groups);
    for (int cut : new int[] {0, 1, 30, 77}) {
      OnlineRanker first = ranker(SMALL);
      run(first, groups.subList(0, cut));
      byte[] state = bytes(first);
      OnlineRanker second = restored(SMALL, state);
      assertThat(bytes(second)).isEqualTo(state);
      run(second, groups.subList(cut, groups.size()));
      assertThat(bytes(second)).as("cut at %d", cut).isEqualTo(bytes(whole));
    }
  }

  @Test
  void stateStaysWithinItsBounds() throws IOException {
    OnlineRanker ranker = ranker(SMALL);
    run(ranker, groups(400, 2, 1));
    long entries = ranker.pairEntries();
    int size = bytes(ranker).length;
    long memory = ranker.bytes();
    run(ranker, groups(800, 3, 1));
    // Sixty items of at most twelve partners in two tables.
    assertThat(ranker.pairEntries()).isLessThanOrEqualTo(2 * 60 * 12).isGreaterThan(entries / 2);
    assertThat(bytes(ranker).length).isLessThan(size + size / 5);
    assertThat(ranker.bytes()).isLessThan(memory + memory / 5);
  }

  @Test
  void learnsToRankOwnAndAlikeItemsFirst() {
    OnlineRanker ranker = ranker(WIDE);
    run(ranker, groups(600, 4, 1));
    for (int user = 0; user < 15; user++) {
      ranker.score(user, 600 * DAY, null, false);
      int kind = user % 3;
      int best = 0;
      for (int item = 1; item < ranker.items(); item++) {
        best = ranker.scores()[item] > ranker.scores()[best] ? item : best;
      }
      assertThat(best / 20).as("best of user %d is %d", user, best).isEqualTo(kind);
    }
  }

  @Test
  void scoringAloneChangesNothing() throws IOException {
    OnlineRanker ranker = ranker(SMALL);
    run(ranker, groups(50, 5, 1));
    byte[] before = bytes(ranker);
    ranker.score(3, 49 * DAY, null, false);
    float[] scores = Arrays.copyOf(ranker.scores(), ranker.items());
    ranker.score(7, 49 * DAY, null, false);
    ranker.score(3, 49 * DAY, null, false);
    assertThat(Arrays.copyOf(ranker.scores(), ranker.items())).isEqualTo(scores);
    assertThat(bytes(ranker)).isEqualTo(before);
  }

  @Test
  void neuralScoreTakesPart() {
    OnlineRanker ranker = ranker(WIDE);
    SeededRandom random = new SeededRandom(6);
    // A neural learner that knows the basket to come.
    for (TimeGroup group : groups(300, 7, 1)) {
      for (Basket basket : group.baskets()) {
        float[] neural = new float[100];
        for (int i = 0; i < basket.itemCount(); i++) {
          neural[basket.item(i)] = 5;
        }
        ranker.score(basket.user(), group.eventTime(), neural, true);
        ranker.remember(basket);
      }
      ranker.learn(group);
    }
    float[] neural = new float[100];
    int favourite = random.nextInt(60);
    neural[favourite] = 5;
    ranker.score(1, 300 * DAY, neural, false);
    for (int item = 0; item < ranker.items(); item++) {
      assertThat(ranker.scores()[item]).isLessThanOrEqualTo(ranker.scores()[favourite]);
    }
  }

  @Test
  void unknownVersionIsRefused() {
    assertThatThrownBy(() -> restored(SMALL, new byte[] {0, 0, 0, 9}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 9");
  }
}
