package dev.millrace.model.ranker;

import dev.millrace.model.kernel.LengthArrays;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** What every user had: counts by item, and the newest baskets. */
final class UserPasts {

  /** Channels of a user's items. */
  static final int COUNT = 0;

  /** Lines, each weighing less the older it is. */
  static final int DECAYED = 1;

  /** Number of the user's basket that held the item last, from 1. */
  static final int BASKET = 2;

  private static final int CHANNELS = 3;
  private static final double KEPT = 0.75;

  private final RankerConfig config;
  private Past[] users = new Past[256];
  private int count;

  UserPasts(RankerConfig config) {
    this.config = config;
  }

  /** One user's past. */
  static final class Past {
    private SparseRow items = new SparseRow(CHANNELS);
    private int[][] newest;
    private int baskets;

    private Past(int kept) {
      newest = new int[kept][];
    }

    SparseRow items() {
      return items;
    }

    int baskets() {
      return baskets;
    }

    /** Distinct items of a basket, 0 for the last one; null where there is none. */
    int[] basket(int ago) {
      return ago < Math.min(baskets, newest.length)
          ? newest[(baskets - 1 - ago) % newest.length]
          : null;
    }
  }

  /** The user's past, or null. */
  Past pastOrNull(int user) {
    return user < count ? users[user] : null;
  }

  /** The user's past, begun if there is none. */
  Past past(int user) {
    if (user >= users.length) {
      users = Arrays.copyOf(users, Math.max(user + 1, 2 * users.length));
    }
    count = Math.max(count, user + 1);
    if (users[user] == null) {
      users[user] = new Past(config.historyBaskets());
    }
    return users[user];
  }

  /** Puts a basket behind the others; counts of its items are the caller's. */
  void append(Past past, int[] items) {
    past.newest[past.baskets % past.newest.length] = items;
    past.baskets++;
    if (past.items.size() > config.itemsPerUser()) {
      past.items.keepLargest((int) (KEPT * config.itemsPerUser()), BASKET);
    }
  }

  void scaleDecayed(float factor) {
    for (int user = 0; user < count; user++) {
      if (users[user] != null) {
        users[user].items.scale(DECAYED, factor);
      }
    }
  }

  int users() {
    return count;
  }

  long bytes() {
    long bytes = 4L * users.length;
    for (int user = 0; user < count; user++) {
      if (users[user] != null) {
        bytes += users[user].items.bytes();
        for (int[] basket : users[user].newest) {
          bytes += basket == null ? 4 : 20 + 4L * basket.length;
        }
      }
    }
    return bytes;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(count);
    for (int user = 0; user < count; user++) {
      Past past = users[user];
      out.writeBoolean(past != null);
      if (past != null) {
        past.items.writeTo(out);
        out.writeInt(past.baskets);
        for (int[] basket : past.newest) {
          LengthArrays.write(out, basket);
        }
      }
    }
  }

  void readInPlace(DataInput in) throws IOException {
    count = in.readInt();
    users = new Past[Math.max(256, count)];
    for (int user = 0; user < count; user++) {
      if (in.readBoolean()) {
        Past past = new Past(config.historyBaskets());
        past.items = SparseRow.readFrom(in, CHANNELS);
        past.baskets = in.readInt();
        for (int i = 0; i < past.newest.length; i++) {
          past.newest[i] = LengthArrays.readInts(in);
        }
        users[user] = past;
      }
    }
  }
}
