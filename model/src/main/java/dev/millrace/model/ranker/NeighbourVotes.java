package dev.millrace.model.ranker;

import dev.millrace.model.kernel.LengthArrays;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What the users most like a history had, and what the baskets most like it held.
 *
 * <pre>
 *   a_j = h_j / log(b_j + 5)
 *   users_i   = sum over the most alike other users v that had i of s_v^2,
 *               s_v = sum_{j in v} a_j / sqrt(items of v + 10)
 *   baskets_i = sum over the most alike baskets c that held i of s_c^2 f_c / sqrt(|c|),
 *               s_c = sum_{j in c} a_j / sqrt(|c| + 5),  f_c = 2^(-age of c / half-life)
 * </pre>
 *
 * <p>Neighbours are found through lists of the newest users and baskets of each item, so that the
 * cost follows the history and not the number of users.
 */
final class NeighbourVotes {

  private static final double LOG_SHIFT = 5;
  private static final double USER_SHRINK = 10;
  private static final double BASKET_SHRINK = 5;

  private final RankerConfig config;
  private final Votes votes = new Votes();
  private RecentIds[] usersOfItem = new RecentIds[256];
  private RecentIds[] basketsOfItem = new RecentIds[256];
  private final int[][] baskets;
  private final float[] basketDay;
  private int basketCount;

  NeighbourVotes(RankerConfig config) {
    this.config = config;
    this.baskets = new int[config.baskets()][];
    this.basketDay = new float[config.baskets()];
  }

  /** A user has an item for the first time. */
  void addUser(int item, int user) {
    if (item >= usersOfItem.length) {
      usersOfItem = Arrays.copyOf(usersOfItem, Math.max(item + 1, 2 * usersOfItem.length));
    }
    if (usersOfItem[item] == null) {
      usersOfItem[item] = new RecentIds(config.usersPerItem());
    }
    usersOfItem[item].add(user);
  }

  /** Keeps a basket; the oldest makes room. */
  void addBasket(int[] items, double day) {
    int number = basketCount++;
    baskets[number % config.baskets()] = items;
    basketDay[number % config.baskets()] = (float) day;
    for (int item : items) {
      if (item >= basketsOfItem.length) {
        basketsOfItem = Arrays.copyOf(basketsOfItem, Math.max(item + 1, 2 * basketsOfItem.length));
      }
      if (basketsOfItem[item] == null) {
        basketsOfItem[item] = new RecentIds(config.basketsPerItem());
      }
      basketsOfItem[item].add(number);
    }
  }

  /** Writes the votes of users like this one. */
  void scoreByUsers(
      HistoryWeights history,
      ItemFacts facts,
      UserPasts pasts,
      int user,
      int items,
      float[] scores) {
    Arrays.fill(scores, 0, items, 0);
    votes.clear();
    for (int h = 0; h < history.size(); h++) {
      float amount = amount(history, facts, h);
      RecentIds users = listOf(usersOfItem, history.item(h));
      for (int p = 0; users != null && p < users.size(); p++) {
        if (users.get(p) != user) {
          votes.add(users.get(p), amount);
        }
      }
    }
    for (int p = 0; p < votes.count(); p++) {
      int other = votes.touched(p);
      votes.divide(other, (float) Math.sqrt(pasts.pastOrNull(other).items().size() + USER_SHRINK));
    }
    int found = votes.select(config.neighbourUsers());
    for (int rank = 0; rank < found; rank++) {
      float vote = votes.sum(rank) * votes.sum(rank);
      SparseRow past = pasts.pastOrNull(votes.index(rank)).items();
      for (int e = 0; e < past.size(); e++) {
        scores[past.keys()[e]] += vote;
      }
    }
  }

  /** Writes the votes of baskets like the history. */
  void scoreByBaskets(
      HistoryWeights history, ItemFacts facts, FadingTime time, int items, float[] scores) {
    Arrays.fill(scores, 0, items, 0);
    votes.clear();
    for (int h = 0; h < history.size(); h++) {
      float amount = amount(history, facts, h);
      RecentIds numbers = listOf(basketsOfItem, history.item(h));
      for (int p = 0; numbers != null && p < numbers.size(); p++) {
        // A list may remember a basket whose place was given away.
        if (numbers.get(p) >= basketCount - config.baskets()) {
          votes.add(numbers.get(p) % config.baskets(), amount);
        }
      }
    }
    for (int p = 0; p < votes.count(); p++) {
      int place = votes.touched(p);
      votes.divide(place, (float) Math.sqrt(baskets[place].length + BASKET_SHRINK));
    }
    int found = votes.select(config.neighbourBaskets());
    for (int rank = 0; rank < found; rank++) {
      int place = votes.index(rank);
      double fading = time.faded(time.day() - basketDay[place]);
      float vote =
          (float) (votes.sum(rank) * votes.sum(rank) * fading / Math.sqrt(baskets[place].length));
      for (int item : baskets[place]) {
        scores[item] += vote;
      }
    }
  }

  private static float amount(HistoryWeights history, ItemFacts facts, int h) {
    return (float) (history.weight(h) / StrictMath.log(facts.baskets(history.item(h)) + LOG_SHIFT));
  }

  private static RecentIds listOf(RecentIds[] lists, int item) {
    return item < lists.length ? lists[item] : null;
  }

  long bytes() {
    long bytes = 8L * baskets.length;
    for (int[] basket : baskets) {
      bytes += basket == null ? 0 : 16 + 4L * basket.length;
    }
    for (RecentIds list : usersOfItem) {
      bytes += list == null ? 4 : 32 + list.bytes();
    }
    for (RecentIds list : basketsOfItem) {
      bytes += list == null ? 4 : 32 + list.bytes();
    }
    return bytes;
  }

  void writeTo(DataOutput out) throws IOException {
    writeLists(out, usersOfItem);
    writeLists(out, basketsOfItem);
    out.writeInt(basketCount);
    int kept = Math.min(basketCount, baskets.length);
    for (int place = 0; place < kept; place++) {
      LengthArrays.write(out, baskets[place]);
      out.writeFloat(basketDay[place]);
    }
  }

  void readInPlace(DataInput in) throws IOException {
    usersOfItem = readLists(in, config.usersPerItem());
    basketsOfItem = readLists(in, config.basketsPerItem());
    basketCount = in.readInt();
    int kept = Math.min(basketCount, baskets.length);
    for (int place = 0; place < kept; place++) {
      baskets[place] = LengthArrays.readInts(in);
      basketDay[place] = in.readFloat();
    }
  }

  private static void writeLists(DataOutput out, RecentIds[] lists) throws IOException {
    int used = lists.length;
    while (used > 0 && lists[used - 1] == null) {
      used--;
    }
    out.writeInt(used);
    for (int i = 0; i < used; i++) {
      out.writeBoolean(lists[i] != null);
      if (lists[i] != null) {
        lists[i].writeTo(out);
      }
    }
  }

  private static RecentIds[] readLists(DataInput in, int bound) throws IOException {
    int used = in.readInt();
    RecentIds[] lists = new RecentIds[Math.max(256, used)];
    for (int i = 0; i < used; i++) {
      if (in.readBoolean()) {
        lists[i] = RecentIds.readFrom(in, bound);
      }
    }
    return lists;
  }
}
