package dev.millrace.model.eval;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.kernel.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Generated interactions whose catalogue and tastes change at once in the middle of the stream.
 *
 * <p>{@value #USERS} users each like one of {@value #TASTES} tastes of {@value #SHELF} items. Every
 * five hours a random user buys a basket of 2 to 9 lines: of ten lines, three are an item that the
 * user bought before, six one of the taste, the first items of a taste far more often than the
 * last, and one any item. At the change half of the items of every taste leave and as many new ones
 * come, at random places; and every user goes over to another taste. Nobody can buy what has left.
 *
 * <p>The stream of a seed is the same everywhere.
 */
public final class DriftingShop {

  private static final int USERS = 60;
  private static final int TASTES = 12;
  private static final int SHELF = 30;
  private static final long PAUSE = 5 * 3_600_000L;
  private static final long START = 1_704_067_200_000L;

  private final SeededRandom random;
  private final int[][] shelves = new int[TASTES][SHELF];
  private final int[] tastes = new int[USERS];
  private final List<List<Integer>> bought = new ArrayList<>();
  private final List<Interaction> made = new ArrayList<>();
  private int items;

  private DriftingShop(long seed) {
    random = new SeededRandom(seed);
    for (int[] shelf : shelves) {
      Arrays.setAll(shelf, place -> items++);
    }
    for (int user = 0; user < USERS; user++) {
      tastes[user] = random.nextInt(TASTES);
      bought.add(new ArrayList<>());
    }
  }

  /**
   * The interactions in order of time.
   *
   * @param count at least 2; the change comes before the first basket at or after half of them
   */
  public static List<Interaction> interactions(long seed, int count) {
    if (count < 2) {
      throw new IllegalArgumentException("a stream with a middle has 2 events, not " + count);
    }
    DriftingShop shop = new DriftingShop(seed);
    boolean changed = false;
    for (long basket = 0; shop.made.size() < count; basket++) {
      if (!changed && shop.made.size() >= count / 2) {
        shop.change();
        changed = true;
      }
      shop.sell(START + PAUSE * basket, count);
    }
    return List.copyOf(shop.made);
  }

  private void sell(long time, int count) {
    int user = random.nextInt(USERS);
    int lines = 2 + random.nextInt(8);
    List<Integer> past = bought.get(user);
    int known = past.size();
    for (int line = 0; line < lines && made.size() < count; line++) {
      int item = draw(user, known);
      past.add(item);
      made.add(
          new Interaction(
              "user-" + user,
              "item-" + item,
              "",
              time,
              1,
              "",
              new SourcePosition("interactions", 0, made.size()),
              time));
    }
  }

  private int draw(int user, int known) {
    int kind = random.nextInt(10);
    if (kind < 3 && known > 0) {
      return bought.get(user).get(random.nextInt(known));
    }
    if (kind < 9) {
      double uniform = random.nextDouble();
      return shelves[tastes[user]][(int) (SHELF * uniform * uniform)];
    }
    return shelves[random.nextInt(TASTES)][random.nextInt(SHELF)];
  }

  private void change() {
    for (int[] shelf : shelves) {
      random.shuffle(shelf);
      for (int place = 0; place < SHELF; place += 2) {
        int left = shelf[place];
        bought.forEach(past -> past.removeIf(item -> item == left));
        shelf[place] = items++;
      }
    }
    for (int user = 0; user < USERS; user++) {
      tastes[user] = (tastes[user] + 1 + random.nextInt(TASTES - 1)) % TASTES;
    }
  }
}
