package dev.millrace.model.ranker;

import java.io.Serializable;

/**
 * What decides how an {@link OnlineRanker} counts and learns.
 *
 * @param enabled whether there is a ranker at all
 * @param halfLifeDays days of event time after which a pair or a personal count weighs half
 * @param recentLines lines after which a line counts half in an item's recent popularity; in a
 *     second one after {@value #LONGER} times as many
 * @param historyBaskets baskets of a user's past that pairs and neighbours start from
 * @param historyItems most items of them, the heaviest
 * @param basketDecay weight of a basket relative to the one after it
 * @param pairsPerItem most counted partners of an item, in each of two tables
 * @param itemsPerUser most items remembered of a user, the newest
 * @param usersPerItem most users by which an item finds neighbours, the newest
 * @param basketsPerItem most baskets by which an item finds neighbours, the newest
 * @param baskets baskets that are kept for neighbours
 * @param neighbourUsers users that are most alike and vote
 * @param neighbourBaskets baskets that are most alike and vote
 * @param hidden width of the blend's inner layer, 0 for a linear blend
 * @param rate learning rate of the blend (Adam)
 * @param batch baskets of one step of the blend
 * @param replaySteps further steps on remembered baskets
 * @param replayBaskets baskets remembered for them
 * @param bestCandidates items of the highest scores, seen and unseen each, that a target is
 *     compared with
 * @param randomCandidates random other items, with weights that make up for the rest
 */
public record RankerConfig(
    boolean enabled,
    double halfLifeDays,
    double recentLines,
    int historyBaskets,
    int historyItems,
    double basketDecay,
    int pairsPerItem,
    int itemsPerUser,
    int usersPerItem,
    int basketsPerItem,
    int baskets,
    int neighbourUsers,
    int neighbourBaskets,
    int hidden,
    double rate,
    int batch,
    int replaySteps,
    int replayBaskets,
    int bestCandidates,
    int randomCandidates)
    implements Serializable {

  static final int LONGER = 5;

  /** The configuration whose figures the README reports. */
  public static final RankerConfig STANDARD =
      new RankerConfig(
          true, 60, 2_000, 12, 150, 0.85, 512, 1024, 512, 256, 16_384, 80, 150, 32, 0.005, 8, 3,
          500, 100, 100);

  public RankerConfig {
    requirePositive("historyBaskets", historyBaskets);
    requirePositive("historyItems", historyItems);
    requirePositive("pairsPerItem", pairsPerItem);
    requirePositive("itemsPerUser", itemsPerUser);
    requirePositive("usersPerItem", usersPerItem);
    requirePositive("basketsPerItem", basketsPerItem);
    requirePositive("baskets", baskets);
    requirePositive("neighbourUsers", neighbourUsers);
    requirePositive("neighbourBaskets", neighbourBaskets);
    requirePositive("batch", batch);
    requirePositive("replayBaskets", replayBaskets);
    requirePositive("bestCandidates", bestCandidates);
    requirePositive("randomCandidates", randomCandidates);
    if (!(halfLifeDays > 0)
        || !(recentLines > 0)
        || !(basketDecay > 0 && basketDecay <= 1)
        || !(rate > 0)) {
      throw new IllegalArgumentException(
          "halfLifeDays, recentLines and rate are above 0, basketDecay lies in (0, 1]");
    }
    if (hidden < 0 || replaySteps < 0) {
      throw new IllegalArgumentException("hidden and replaySteps are at least 0");
    }
  }

  /** The same, switched on or off. */
  public RankerConfig withEnabled(boolean whether) {
    return new RankerConfig(
        whether,
        halfLifeDays,
        recentLines,
        historyBaskets,
        historyItems,
        basketDecay,
        pairsPerItem,
        itemsPerUser,
        usersPerItem,
        basketsPerItem,
        baskets,
        neighbourUsers,
        neighbourBaskets,
        hidden,
        rate,
        batch,
        replaySteps,
        replayBaskets,
        bestCandidates,
        randomCandidates);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, was " + value);
    }
  }
}
