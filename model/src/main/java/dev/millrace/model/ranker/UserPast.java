package dev.millrace.model.ranker;

import dev.millrace.model.kernel.LengthArrays;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What one user had: counts by item, and the newest baskets. */
public final class UserPast {

  /** Channels of a user's items. */
  static final int COUNT = 0;

  /** Lines, each weighing less the older it is. */
  static final int DECAYED = 1;

  /** Number of the user's basket that held the item last, from 1. */
  static final int BASKET = 2;

  private static final int CHANNELS = 3;
  private static final double KEPT = 0.75;

  private final SparseRow items;
  private final int[][] newest;
  private int baskets;

  UserPast(int kept) {
    this(new SparseRow(CHANNELS), new int[kept][], 0);
  }

  private UserPast(SparseRow items, int[][] newest, int baskets) {
    this.items = items;
    this.newest = newest;
    this.baskets = baskets;
  }

  /** A past of its own that begins as this one. */
  UserPast copy() {
    return new UserPast(items.copy(), newest.clone(), baskets);
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

  /**
   * Takes a basket in.
   *
   * @param distinct its distinct items; they become part of the past
   * @param lines all its lines
   * @param weight what a line weighs now
   * @param limit items that are kept
   */
  void add(int[] distinct, int[] lines, double weight, int limit) {
    for (int item : distinct) {
      int place = items.place(item);
      items.channel(BASKET)[place] = baskets + 1;
    }
    for (int line : lines) {
      int place = items.place(line);
      items.channel(COUNT)[place]++;
      items.channel(DECAYED)[place] += (float) weight;
    }
    newest[baskets % newest.length] = distinct;
    baskets++;
    if (items.size() > limit) {
      items.keepLargest((int) (KEPT * limit), BASKET);
    }
  }

  void scaleDecayed(float factor) {
    items.scale(DECAYED, factor);
  }

  long bytes() {
    long bytes = items.bytes();
    for (int[] basket : newest) {
      bytes += basket == null ? 4 : 20 + 4L * basket.length;
    }
    return bytes;
  }

  void writeTo(DataOutput out) throws IOException {
    items.writeTo(out);
    out.writeInt(baskets);
    for (int[] basket : newest) {
      LengthArrays.write(out, basket);
    }
  }

  static UserPast readFrom(DataInput in, int kept) throws IOException {
    SparseRow items = SparseRow.readFrom(in, CHANNELS);
    int baskets = in.readInt();
    int[][] newest = new int[kept][];
    for (int i = 0; i < kept; i++) {
      newest[i] = LengthArrays.readInts(in);
    }
    return new UserPast(items, newest, baskets);
  }
}
