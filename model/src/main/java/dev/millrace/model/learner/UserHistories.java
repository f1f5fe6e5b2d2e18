package dev.millrace.model.learner;

import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.LengthArrays;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** The newest items of every user with the number of the basket that each came in. */
final class UserHistories implements CanonicalState {

  private static final int VERSION_1 = 1;

  private final int limit;
  private History[] users = new History[256];
  private int bound;

  /**
   * @param limit items kept per user
   */
  UserHistories(int limit) {
    this.limit = limit;
  }

  boolean has(int user) {
    return user < bound && users[user] != null;
  }

  /** Items kept, oldest first. */
  int[] items(int user) {
    if (!has(user)) {
      return new int[0];
    }
    History history = users[user];
    return Arrays.copyOfRange(history.items, history.from(), history.size);
  }

  /** For each item kept, how many baskets ago it came: 1 for the last basket. */
  int[] ages(int user) {
    if (!has(user)) {
      return new int[0];
    }
    History history = users[user];
    int[] ages = Arrays.copyOfRange(history.baskets, history.from(), history.size);
    for (int i = 0; i < ages.length; i++) {
      ages[i] = history.basketCount - ages[i];
    }
    return ages;
  }

  /** Appends a basket. */
  void add(int user, int[] items) {
    if (user >= users.length) {
      users = Arrays.copyOf(users, Math.max(user + 1, 2 * users.length));
    }
    bound = Math.max(bound, user + 1);
    if (users[user] == null) {
      users[user] = new History();
    }
    users[user].add(items);
  }

  long memoryBytes() {
    long bytes = 4L * users.length;
    for (int i = 0; i < bound; i++) {
      bytes += users[i] == null ? 0 : 64 + 8L * users[i].items.length;
    }
    return bytes;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeInt(limit);
    out.writeInt(bound);
    for (int i = 0; i < bound; i++) {
      out.writeBoolean(users[i] != null);
      if (users[i] != null) {
        users[i].writeTo(out);
      }
    }
  }

  static UserHistories readFrom(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("user histories of version " + version + "; this build reads 1");
    }
    UserHistories histories = new UserHistories(in.readInt());
    histories.bound = in.readInt();
    histories.users = new History[Math.max(256, histories.bound)];
    for (int i = 0; i < histories.bound; i++) {
      if (in.readBoolean()) {
        histories.users[i] = histories.new History();
        histories.users[i].readFrom(in);
      }
    }
    return histories;
  }

  private final class History {

    private int[] items = new int[16];
    private int[] baskets = new int[16];
    private int size;
    private int basketCount;

    private int from() {
      return Math.max(0, size - limit);
    }

    private void add(int[] added) {
      if (size + added.length > items.length) {
        compact(added.length);
      }
      for (int item : added) {
        items[size] = item;
        baskets[size++] = basketCount;
      }
      basketCount++;
    }

    private void compact(int room) {
      int from = from();
      int kept = size - from;
      int capacity = Math.max(kept + room, Math.min(2 * limit, 2 * items.length));
      items = Arrays.copyOf(Arrays.copyOfRange(items, from, size), capacity);
      baskets = Arrays.copyOf(Arrays.copyOfRange(baskets, from, size), capacity);
      size = kept;
    }

    private void writeTo(DataOutput out) throws IOException {
      out.writeInt(basketCount);
      LengthArrays.write(out, Arrays.copyOfRange(items, from(), size));
      LengthArrays.write(out, Arrays.copyOfRange(baskets, from(), size));
    }

    private void readFrom(DataInput in) throws IOException {
      basketCount = in.readInt();
      items = LengthArrays.readInts(in);
      baskets = LengthArrays.readInts(in);
      size = items.length;
    }
  }
}
