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
 * The memory bank as the negatives of a batch: states of earlier views, keyed by item category.
 *
 * <p>A row's negatives are the entries of its own key that stem from another user and another item;
 * a stream without categories has one key.
 */
final class NegativeBank {

  private final MemoryBank bank;
  private final RowBuffer storage;
  private final List<String> keys = new ArrayList<>();
  private Matrix vectors;
  private int[] mask = new int[0];

  NegativeBank(SequenceLearnerConfig config, Kernels kernels) {
    this(new MemoryBank(configOf(config), kernels), kernels);
  }

  private NegativeBank(MemoryBank bank, Kernels kernels) {
    this.bank = bank;
    this.storage = new RowBuffer(kernels, bank.config().width());
  }

  private static MemoryBankConfig configOf(SequenceLearnerConfig config) {
    SequenceLearnerConfig.Training training = config.training();
    return new MemoryBankConfig(
        config.model().width(),
        training.bankEntries(),
        training.bankKeys(),
        training.bankEntries() * training.bankKeys());
  }

  /** Gathers the entries of the batch's keys; they live until the next call. */
  void collect(List<BasketExample> examples, Kernels kernels) {
    Set<String> distinct = new LinkedHashSet<>();
    examples.forEach(example -> distinct.add(example.category()));
    List<BankEntry> entries = new ArrayList<>();
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
    admit(examples, entries);
  }

  private void admit(List<BasketExample> examples, List<BankEntry> entries) {
    int count = entries.size();
    if (mask.length != examples.size() * count) {
      mask = new int[examples.size() * count];
    }
    for (int i = 0; i < examples.size(); i++) {
      BasketExample example = examples.get(i);
      for (int j = 0; j < count; j++) {
        boolean negative =
            keys.get(j).equals(example.category())
                && !entries.get(j).user().equals(userOf(example))
                && !entries.get(j).item().equals(itemOf(example));
        mask[i * count + j] = negative ? 1 : 0;
      }
    }
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

  /** Takes the keys of a batch in, after its loss. */
  void enqueue(Matrix keys, List<BasketExample> examples, long step) {
    List<String> categories = new ArrayList<>();
    List<BankEntry> entries = new ArrayList<>();
    for (BasketExample example : examples) {
      categories.add(example.category());
      entries.add(new BankEntry(itemOf(example), userOf(example), 0, step, step));
    }
    bank.enqueueInPlace(categories, keys, entries);
  }

  private static String userOf(BasketExample example) {
    return Integer.toString(example.user());
  }

  /** The newest item that the state has read. */
  private static String itemOf(BasketExample example) {
    return Integer.toString(example.history()[example.history().length - 1]);
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

  static NegativeBank readFrom(DataInput in, Kernels kernels) throws IOException {
    return new NegativeBank(MemoryBank.readFrom(in, kernels), kernels);
  }
}
