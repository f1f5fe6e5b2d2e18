package dev.millrace.model.learner;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.memory.BankEntry;
import dev.millrace.model.memory.MemoryBank;
import dev.millrace.model.memory.MemoryBankConfig;
import dev.millrace.model.memory.Negatives;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The memory bank as the negatives of a batch: states of earlier views under keys, such as item
 * categories or clusters.
 *
 * <p>A row's negatives are the entries of its own key that stem from another user and another item,
 * the hard ones; a row whose key has too few of them has those of the batch's other keys as well. A
 * stream without keys has one key.
 */
final class NegativeBank {

  private final MemoryBank bank;
  private final int enough;
  private final RowBuffer storage;
  private final List<String> keys = new ArrayList<>();
  private final List<BankEntry> entries = new ArrayList<>();
  private Matrix vectors;
  private int[] mask = new int[0];

  /**
   * @param enough negatives of its own key with which a row needs no others; 0 for never any others
   */
  NegativeBank(MemoryBankConfig config, int enough, Kernels kernels) {
    this(new MemoryBank(config, kernels), enough, kernels);
  }

  private NegativeBank(MemoryBank bank, int enough, Kernels kernels) {
    this.bank = bank;
    this.enough = enough;
    this.storage = new RowBuffer(kernels, bank.config().width());
  }

  /** Gathers the entries of the batch's keys; they live until the next call. */
  void collect(List<? extends ContrastRow> rows, Kernels kernels) {
    Set<String> distinct = new LinkedHashSet<>();
    rows.forEach(row -> distinct.add(row.bankKey()));
    entries.clear();
    keys.clear();
    Matrix all = storage.rows(bank.size());
    for (String key : distinct) {
      Negatives negatives = bank.negativesInPlace(key);
      if (negatives.size() > 0) {
        kernels.copy(
            negatives.vectors(), all.rows(entries.size(), entries.size() + negatives.size()));
        entries.addAll(negatives.entries());
        keys.addAll(Collections.nCopies(negatives.size(), key));
      }
    }
    vectors = all.rows(0, entries.size());
    admit(rows);
  }

  private void admit(List<? extends ContrastRow> rows) {
    int count = entries.size();
    if (mask.length != rows.size() * count) {
      mask = new int[rows.size() * count];
    }
    for (int i = 0; i < rows.size(); i++) {
      ContrastRow row = rows.get(i);
      String user = row.user();
      String item = row.item();
      int own = 0;
      for (int j = 0; j < count; j++) {
        BankEntry entry = entries.get(j);
        boolean negative =
            keys.get(j).equals(row.bankKey())
                && !isSame(entry.user(), user)
                && !isSame(entry.item(), item);
        mask[i * count + j] = negative ? 1 : 0;
        own += mask[i * count + j];
      }
      if (own < enough) {
        admitAll(i, user, item);
      }
    }
  }

  private void admitAll(int row, String user, String item) {
    for (int j = 0; j < entries.size(); j++) {
      BankEntry entry = entries.get(j);
      boolean negative = !isSame(entry.user(), user) && !isSame(entry.item(), item);
      mask[row * entries.size() + j] = negative ? 1 : 0;
    }
  }

  private static boolean isSame(String id, String other) {
    return !id.equals(BankEntry.NONE) && id.equals(other);
  }

  /** {@code M x d}; M may be 0. */
  Matrix vectors() {
    return vectors;
  }

  /** {@code B x M}: 1 where an entry is a negative of a row, row-major. */
  int[] mask() {
    return mask;
  }

  /** The key of each entry. */
  List<String> keys() {
    return keys;
  }

  /** The label of each entry, as {@link ContrastRow#label} has it; unlike any other without one. */
  List<String> labels() {
    List<String> labels = new ArrayList<>();
    for (int j = 0; j < entries.size(); j++) {
      int label = entries.get(j).label();
      labels.add(label == 0 ? keys.get(j) : label > 0 ? labelOf(label - 1) : "entry " + j);
    }
    return labels;
  }

  /** The label of a numbered class. */
  static String labelOf(int number) {
    return "#" + number;
  }

  /** Takes the states of a batch in, after its loss. */
  void enqueue(Matrix states, List<? extends ContrastRow> rows, long step) {
    List<String> rowKeys = new ArrayList<>();
    List<BankEntry> entered = new ArrayList<>();
    for (ContrastRow row : rows) {
      rowKeys.add(row.bankKey());
      entered.add(new BankEntry(row.item(), row.user(), row.bankLabel(), step, step));
    }
    bank.enqueueInPlace(rowKeys, states, entered);
  }

  int size() {
    return bank.size();
  }

  double meanAge(long step) {
    return bank.meanAge(step);
  }

  long nativeBytes() {
    return bank.nativeBytes();
  }

  void writeTo(DataOutput out) throws IOException {
    bank.writeTo(out);
  }

  static NegativeBank readFrom(DataInput in, int enough, Kernels kernels) throws IOException {
    return new NegativeBank(MemoryBank.readFrom(in, kernels), enough, kernels);
  }
}
