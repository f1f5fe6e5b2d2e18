package dev.millrace.model.eval;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The one state that all counting baselines share: popularity, popularity over the last 2,000
 * lines, counts and the end of the history of each user, pair counts and transition counts.
 *
 * <p>When a basket B of a user with the history tail H (the last 50 items) and the last basket L is
 * learned:
 *
 * <pre>
 * popularity(i) += 1                               for every line i, repeated ones included
 * pairs(i, h) += 1, pairs(h, i) += 1               for each distinct i in B, h in set(H)
 * pairs(i, j) += 1                                 for distinct i, j in B, i != j
 * transitions(l, i) += 1                           for l in L, distinct i in B
 * </pre>
 *
 * <p>Indices are dense and not negative; tables grow with them. Pair rows are sparse, so the memory
 * follows the number of pairs that occurred and not the square of the catalogue.
 */
public final class InteractionCounts {
  /** Lines that recent popularity looks back on. */
  public static final int RECENT_LINES = RecentLines.WINDOW;

  /** Items of a user's history that are paired with the next basket. */
  public static final int HISTORY_TAIL = UserCounts.TAIL;

  /** First form: everything below. */
  private static final int VERSION_1 = 1;

  // runtime
  private float[] popularity = new float[0];
  private int items;
  private RecentLines recent = new RecentLines();
  private UserCounts[] users = new UserCounts[0];
  private CountTable pairs = new CountTable();
  private CountTable transitions = new CountTable();
  private final ItemMask historySet = new ItemMask();

  /** Learns the baskets of a time stamp, in their order. */
  public void learn(TimeGroup group) {
    for (Basket basket : group.baskets()) {
      learn(basket);
    }
  }

  /** Learns one basket. */
  public void learn(Basket basket) {
    UserCounts user = userFor(basket.user());
    learnPairs(user, basket);
    learnTransitions(user, basket);
    for (int line = 0; line < basket.lineCount(); line++) {
      learnLine(basket.line(line));
    }
    user.learn(basket);
  }

  /** One more than the largest item index learned: scores are over 0 to items() - 1. */
  public int items() {
    return items;
  }

  /** Lines of an item so far; 0 for an item that was never learned. */
  public float popularity(int item) {
    return item < items ? popularity[item] : 0;
  }

  /** Lines of an item among the last {@link #RECENT_LINES}. */
  public float recentPopularity(int item) {
    return recent.count(item);
  }

  /** Whether a basket of the user was learned before: only then is the next one evaluated. */
  public boolean hasHistory(int user) {
    return user < users.length && users[user] != null;
  }

  /** Lines of an item by a user. */
  public float personal(int user, int item) {
    return hasHistory(user) ? users[user].frequency().get(item) : 0;
  }

  /** Adds every item that the user ever had to a set. */
  public void addItemsOf(int user, ItemMask mask) {
    if (hasHistory(user)) {
      users[user].frequency().addItemsTo(mask);
    }
  }

  /** How often two items met in a basket, or one in the history before the other. Symmetric. */
  public float pairs(int left, int right) {
    CountRow row = pairs.rowOrNull(left);
    return row == null ? 0 : row.get(right);
  }

  /** How often an item was in a basket whose predecessor held another one. */
  public float transitions(int from, int to) {
    CountRow row = transitions.rowOrNull(from);
    return row == null ? 0 : row.get(to);
  }

  /** Pair counts above 0, both directions counted. */
  public long pairEntries() {
    return pairs.size();
  }

  /** Transition counts above 0. */
  public long transitionEntries() {
    return transitions.size();
  }

  /** Bytes of all arrays; object headers, some 60 bytes a row, come on top. */
  public long bytes() {
    long bytes = 4L * popularity.length + recent.bytes() + pairs.bytes() + transitions.bytes();
    for (UserCounts user : users) {
      bytes += user == null ? 0 : user.bytes();
    }
    return bytes;
  }

  /** Writes the whole state, a version number first. Equal histories write equal bytes. */
  public void write(DataOutput out) throws IOException {
    PackedBytes packed = new PackedBytes();
    out.writeInt(VERSION_1);
    out.writeInt(items);
    for (int item = 0; item < items; item++) {
      out.writeFloat(popularity[item]);
    }
    recent.write(out);
    pairs.write(out, packed);
    transitions.write(out, packed);
    writeUsers(out, packed);
  }

  /**
   * Reads what {@link #write} wrote; the result continues bit for bit.
   *
   * @throws IOException when the version is unknown or the bytes end early
   */
  public static InteractionCounts read(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException(
          "interaction counts of version " + version + "; this build reads version " + VERSION_1);
    }
    PackedBytes packed = new PackedBytes();
    InteractionCounts counts = new InteractionCounts();
    counts.items = in.readInt();
    counts.popularity = new float[counts.items];
    for (int item = 0; item < counts.items; item++) {
      counts.popularity[item] = in.readFloat();
    }
    counts.recent = RecentLines.read(in);
    counts.pairs = CountTable.read(in, packed);
    counts.transitions = CountTable.read(in, packed);
    counts.readUsers(in, packed);
    return counts;
  }

  /** The user's counts; only where {@link #hasHistory}. */
  UserCounts user(int user) {
    if (!hasHistory(user)) {
      throw new IllegalStateException(
          "user " + user + " has no history: ask hasHistory before scoring");
    }
    return users[user];
  }

  /** Popularity by item, at least {@link #items} long; not to be changed. */
  float[] popularityArray() {
    return popularity;
  }

  /** Pair counts of an item, or null when there are none: scoring must not make rows. */
  CountRow pairRow(int item) {
    return pairs.rowOrNull(item);
  }

  /** Transition counts of an item, or null when there are none: scoring must not make rows. */
  CountRow transitionRow(int item) {
    return transitions.rowOrNull(item);
  }

  private void learnPairs(UserCounts user, Basket basket) {
    for (int a = 0; a < basket.itemCount(); a++) {
      int item = basket.item(a);
      CountRow row = pairs.row(item);
      historySet.clear();
      for (int h = 0; h < user.tailSize(); h++) {
        int earlier = user.tailItem(h);
        if (historySet.add(earlier)) {
          row.increment(earlier);
          pairs.row(earlier).increment(item);
        }
      }
      for (int b = 0; b < basket.itemCount(); b++) {
        if (b != a) {
          row.increment(basket.item(b));
        }
      }
    }
  }

  private void learnTransitions(UserCounts user, Basket basket) {
    for (int l = 0; l < user.lastBasketSize(); l++) {
      CountRow row = transitions.row(user.lastBasketItem(l));
      for (int b = 0; b < basket.itemCount(); b++) {
        row.increment(basket.item(b));
      }
    }
  }

  private void learnLine(int item) {
    if (item >= popularity.length) {
      popularity =
          Arrays.copyOf(
              popularity, Math.max(item + 1, popularity.length + (popularity.length >> 1)));
    }
    items = Math.max(items, item + 1);
    popularity[item]++;
    recent.add(item);
  }

  private UserCounts userFor(int user) {
    if (user >= users.length) {
      users = Arrays.copyOf(users, Math.max(user + 1, users.length + (users.length >> 1)));
    }
    if (users[user] == null) {
      users[user] = new UserCounts();
    }
    return users[user];
  }

  private void writeUsers(DataOutput out, PackedBytes packed) throws IOException {
    int length = users.length;
    while (length > 0 && users[length - 1] == null) {
      length--;
    }
    out.writeInt(length);
    for (int user = 0; user < length; user++) {
      packed.clear();
      if (users[user] != null) {
        users[user].write(packed);
      }
      packed.writeBlock(out);
    }
  }

  private void readUsers(DataInput in, PackedBytes packed) throws IOException {
    users = new UserCounts[in.readInt()];
    for (int user = 0; user < users.length; user++) {
      packed.readBlock(in);
      users[user] = packed.isEmpty() ? null : UserCounts.read(packed);
    }
  }
}
