package dev.millrace.model.learner;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.memory.EmbeddingTable;
import dev.millrace.model.memory.IdIndex;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Items by dense index, which counts and histories keep, beside their row in the embedding table,
 * which an item may lose and get again.
 */
final class ItemRows {

  static final int ABSENT = EmbeddingTable.ABSENT;

  private final IdIndex ids;
  private final EmbeddingTable table;
  private int[] rowOfItem = new int[256];
  private int[] itemOfRow = new int[256];
  private final List<String> removed = new ArrayList<>();

  ItemRows(SequenceLearnerConfig config, Kernels kernels) {
    this.ids = new IdIndex(0);
    this.table = new EmbeddingTable(config.table(), kernels, (id, row, why) -> forget(id, row));
    fillAbsent();
  }

  private ItemRows(DataInput in, Kernels kernels, boolean moments) throws IOException {
    this.ids = IdIndex.readFrom(in);
    this.table =
        moments
            ? EmbeddingTable.readFrom(in, kernels, (id, row, why) -> forget(id, row))
            : EmbeddingTable.readSharedFrom(in, kernels, (id, row, why) -> forget(id, row));
    fillAbsent();
    for (int row = table.next(1); row != ABSENT; row = table.next(row + 1)) {
      link(ids.indexOf(table.idAt(row)), row);
    }
  }

  static ItemRows readFrom(DataInput in, Kernels kernels) throws IOException {
    return new ItemRows(in, kernels, true);
  }

  /** Reads what {@link #writeSharedTo} wrote. */
  static ItemRows readSharedFrom(DataInput in, Kernels kernels) throws IOException {
    return new ItemRows(in, kernels, false);
  }

  void writeTo(DataOutput out) throws IOException {
    ids.writeTo(out);
    table.writeTo(out);
  }

  /** Writes everything but the optimizer's moments. */
  void writeSharedTo(DataOutput out) throws IOException {
    ids.writeTo(out);
    table.writeSharedTo(out);
  }

  private void fillAbsent() {
    Arrays.fill(rowOfItem, ABSENT);
    Arrays.fill(itemOfRow, ABSENT);
  }

  EmbeddingTable table() {
    return table;
  }

  /** Dense index of an item, or {@link #ABSENT}. */
  int indexOf(String id) {
    return ids.indexOf(id);
  }

  /** Indices in use are below this. */
  int count() {
    return ids.bound();
  }

  /** Dense index of an item, given one if it has none. */
  int itemOf(String id) {
    return ids.add(id);
  }

  String idOf(int item) {
    return ids.idAt(item);
  }

  /** One event with the item: its row may come to be, another's may go. */
  void sighted(int item, long eventTime) {
    int row = table.sighted(ids.idAt(item), eventTime);
    if (row != ABSENT) {
      link(item, row);
    }
  }

  /** The item's row, or {@link #ABSENT}. */
  int rowOf(int item) {
    return item < rowOfItem.length ? rowOfItem[item] : ABSENT;
  }

  /** Places of the newest items of a history, at most so many, that have a row. */
  int[] presentPlaces(int[] history, int newest) {
    int from = Math.max(0, history.length - newest);
    return IntStream.range(from, history.length)
        .filter(place -> rowOf(history[place]) != ABSENT)
        .toArray();
  }

  /** The item of a row, or {@link #ABSENT}. */
  int itemAt(int row) {
    return row < itemOfRow.length ? itemOfRow[row] : ABSENT;
  }

  /** Ids that lost their row since the last call and got none again, each once. */
  List<String> drainRemoved() {
    List<String> drained =
        removed.stream().distinct().filter(id -> rowOf(ids.indexOf(id)) == ABSENT).toList();
    removed.clear();
    return drained;
  }

  private void link(int item, int row) {
    rowOfItem = grown(rowOfItem, item);
    itemOfRow = grown(itemOfRow, row);
    rowOfItem[item] = row;
    itemOfRow[row] = item;
  }

  private static int[] grown(int[] array, int index) {
    if (index < array.length) {
      return array;
    }
    int[] larger = Arrays.copyOf(array, Math.max(index + 1, 2 * array.length));
    Arrays.fill(larger, array.length, larger.length, ABSENT);
    return larger;
  }

  private void forget(String id, int row) {
    rowOfItem[ids.indexOf(id)] = ABSENT;
    itemOfRow[row] = ABSENT;
    removed.add(id);
  }
}
