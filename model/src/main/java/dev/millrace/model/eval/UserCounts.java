package dev.millrace.model.eval;

import java.io.IOException;
import java.util.Arrays;

/** What is remembered of one user: counts by item, the end of the history, the last basket. */
final class UserCounts {
  /** No baseline looks further back than this many items. */
  static final int TAIL = 50;

  private final CountRow frequency;
  private int[] tail = new int[0];
  private int[] lastBasket = new int[0];

  UserCounts() {
    this(new CountRow());
  }

  private UserCounts(CountRow frequency) {
    this.frequency = frequency;
  }

  /** Lines by item. */
  CountRow frequency() {
    return frequency;
  }

  /** Length of {@link #tailItem}'s range. */
  int tailSize() {
    return tail.length;
  }

  /** The last items of the history, oldest first: distinct within a basket, not across baskets. */
  int tailItem(int index) {
    return tail[index];
  }

  /** Number of distinct items of the last basket. */
  int lastBasketSize() {
    return lastBasket.length;
  }

  /** A distinct item of the last basket. */
  int lastBasketItem(int index) {
    return lastBasket[index];
  }

  void learn(Basket basket) {
    for (int line = 0; line < basket.lineCount(); line++) {
      frequency.increment(basket.line(line));
    }
    lastBasket = new int[basket.itemCount()];
    Arrays.setAll(lastBasket, basket::item);
    int kept = Math.max(0, Math.min(tail.length, TAIL - lastBasket.length));
    int taken = Math.min(TAIL, lastBasket.length);
    int[] next = new int[kept + taken];
    System.arraycopy(tail, tail.length - kept, next, 0, kept);
    System.arraycopy(lastBasket, lastBasket.length - taken, next, kept, taken);
    tail = next;
  }

  /** Bytes of the arrays of this user. */
  long bytes() {
    return frequency.bytes() + 4L * tail.length + 4L * lastBasket.length;
  }

  void write(PackedBytes out) {
    frequency.write(out);
    writeItems(tail, out);
    writeItems(lastBasket, out);
  }

  static UserCounts read(PackedBytes in) throws IOException {
    UserCounts user = new UserCounts(CountRow.read(in));
    user.tail = readItems(in);
    user.lastBasket = readItems(in);
    return user;
  }

  private static void writeItems(int[] items, PackedBytes out) {
    out.put(items.length);
    for (int item : items) {
      out.put(item);
    }
  }

  private static int[] readItems(PackedBytes in) throws IOException {
    int[] items = new int[in.get()];
    for (int i = 0; i < items.length; i++) {
      items[i] = in.get();
    }
    return items;
  }
}
