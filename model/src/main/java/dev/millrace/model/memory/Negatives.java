package dev.millrace.model.memory;

import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The entries of one key, oldest first.
 *
 * @param vectors {@code M x width}; its memory serves the bank's next answer too
 * @param entries what is known of each row
 */
public record Negatives(Matrix vectors, List<BankEntry> entries) {

  public Negatives {
    entries = List.copyOf(entries);
    if (vectors.rows() != entries.size()) {
      throw new IllegalArgumentException(
          entries.size() + " entries do not describe a matrix of " + vectors.shape());
    }
  }

  public int size() {
    return entries.size();
  }

  /**
   * Which entries are negatives of which anchors: the {@code mask} of the objectives that contrast
   * with a bank.
   *
   * @param users user of each of the B anchors, {@link BankEntry#NONE} for none
   * @param items item of each of them, {@link BankEntry#NONE} for none
   * @return {@code B x M} row-major, 0 where the entry has the anchor's user or item and 1
   *     elsewhere
   */
  public int[] maskSame(String[] users, String[] items) {
    if (users.length != items.length) {
      throw new IllegalArgumentException(
          users.length + " users and " + items.length + " items: one of each per anchor");
    }
    int[] mask = new int[Math.multiplyExact(users.length, size())];
    Arrays.fill(mask, 1);
    clear(users, entries.stream().map(BankEntry::user).toList(), mask);
    clear(items, entries.stream().map(BankEntry::item).toList(), mask);
    return mask;
  }

  /** Follows chains of equal ids, so that the cost is that of the matches. */
  private static void clear(String[] anchors, List<String> ids, int[] mask) {
    int count = ids.size();
    int[] previous = new int[count];
    Map<String, Integer> last = new HashMap<>();
    for (int j = 0; j < count; j++) {
      Integer before = last.put(ids.get(j), j);
      previous[j] = before == null ? -1 : before;
    }
    for (int i = 0; i < anchors.length; i++) {
      if (!anchors[i].equals(BankEntry.NONE)) {
        for (int j = last.getOrDefault(anchors[i], -1); j >= 0; j = previous[j]) {
          mask[i * count + j] = 0;
        }
      }
    }
  }

  /** Steps since each entry was enqueued. */
  public long[] ages(long step) {
    return entries.stream().mapToLong(entry -> step - entry.step()).toArray();
  }

  /** Label of each entry. */
  public int[] labels() {
    return entries.stream().mapToInt(BankEntry::label).toArray();
  }
}
