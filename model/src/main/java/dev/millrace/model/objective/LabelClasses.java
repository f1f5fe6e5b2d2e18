package dev.millrace.model.objective;

import java.util.HashMap;
import java.util.Map;

/**
 * Rows of a batch and of a bank by label: how many positives each row of the batch has, and one of
 * them, the first in the batch or else in the bank.
 */
final class LabelClasses {

  private final int[] batch;
  private final int[] bank;
  private final int[] positives;
  private final int[] firstInBatch;
  private final int[] firstInBank;

  /**
   * Groups the labels.
   *
   * @param labels of the batch
   * @param bankLabels of the bank, may be empty
   * @param withoutSelf whether a row is no positive of itself
   */
  LabelClasses(int[] labels, int[] bankLabels, boolean withoutSelf) {
    int size = labels.length;
    Map<Integer, Integer> indices = new HashMap<>();
    batch = new int[size];
    int[] counts = new int[size];
    int[] first = new int[size];
    int[] second = new int[size];
    int[] firstOfBank = new int[size];
    for (int i = 0; i < size; i++) {
      int index = indices.computeIfAbsent(labels[i], label -> indices.size());
      batch[i] = index;
      if (counts[index] < 2) {
        (counts[index] == 0 ? first : second)[index] = i;
      }
      counts[index]++;
    }
    int[] inBatch = counts.clone();
    bank = new int[bankLabels.length];
    for (int j = 0; j < bank.length; j++) {
      bank[j] = indices.getOrDefault(bankLabels[j], size);
      if (bank[j] < size && counts[bank[j]]++ == inBatch[bank[j]]) {
        firstOfBank[bank[j]] = j;
      }
    }
    positives = new int[size];
    firstInBatch = new int[size];
    firstInBank = new int[size];
    int self = withoutSelf ? 1 : 0;
    for (int i = 0; i < size; i++) {
      int index = batch[i];
      positives[i] = counts[index] - self;
      boolean fromBatch = inBatch[index] > self;
      firstInBatch[i] =
          !fromBatch ? -1 : withoutSelf && first[index] == i ? second[index] : first[index];
      firstInBank[i] = fromBatch || positives[i] == 0 ? -1 : firstOfBank[index];
    }
  }

  /** Class of each row of the batch, below the number of rows. */
  int[] batch() {
    return batch;
  }

  /** Class of each row of the bank; the number of rows of the batch if it has none of them. */
  int[] bank() {
    return bank;
  }

  /** Number of positives of a row of the batch. */
  int positives(int row) {
    return positives[row];
  }

  /** The row of the batch that is its first positive, -1 if the bank has it or there is none. */
  int firstInBatch(int row) {
    return firstInBatch[row];
  }

  /** The row of the bank that is its first positive, -1 if the batch has it or there is none. */
  int firstInBank(int row) {
    return firstInBank[row];
  }
}
