package dev.millrace.model.eval;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All baskets of one time stamp, at most one for each user, in the order of their first lines. None
 * of them may be ranked with what another one holds.
 *
 * @param eventTime the time stamp, in milliseconds since the epoch
 * @param baskets the baskets
 */
public record TimeGroup(long eventTime, List<Basket> baskets) {

  public TimeGroup {
    baskets = List.copyOf(baskets);
    Set<Integer> users = new HashSet<>();
    for (Basket basket : baskets) {
      if (!users.add(basket.user())) {
        throw new IllegalArgumentException(
            "user " + basket.user() + " has two baskets at " + eventTime + "; join their lines");
      }
    }
  }

  /** Collects the lines of one time stamp into baskets. */
  public static final class Builder {
    private final long eventTime;
    private final Map<Integer, List<Integer>> linesByUser = new LinkedHashMap<>();

    /**
     * @param eventTime the time stamp that all lines share
     */
    public Builder(long eventTime) {
      this.eventTime = eventTime;
    }

    /** The time stamp that all lines share. */
    public long eventTime() {
      return eventTime;
    }

    /** Adds a line. */
    public Builder add(int user, int item) {
      linesByUser.computeIfAbsent(user, key -> new ArrayList<>()).add(item);
      return this;
    }

    /** The group of all lines added so far. */
    public TimeGroup build() {
      List<Basket> baskets = new ArrayList<>(linesByUser.size());
      linesByUser.forEach(
          (user, lines) ->
              baskets.add(new Basket(user, lines.stream().mapToInt(Integer::intValue).toArray())));
      return new TimeGroup(eventTime, baskets);
    }
  }
}
