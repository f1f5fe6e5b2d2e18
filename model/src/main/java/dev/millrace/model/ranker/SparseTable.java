package dev.millrace.model.ranker;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** Sparse rows by index, each of bounded size. */
final class SparseTable {

  /** A full row keeps this part of its entries, so that one more does not prune it again. */
  private static final double KEPT = 0.75;

  private final int channels;
  private final int bound;
  private final int rankedBy;
  private SparseRow[] rows = new SparseRow[64];
  private int count;

  /**
   * @param channels numbers of an entry
   * @param bound most entries of a row
   * @param rankedBy channel by which the smallest entries of a full row go
   */
  SparseTable(int channels, int bound, int rankedBy) {
    this.channels = channels;
    this.bound = bound;
    this.rankedBy = rankedBy;
  }

  /** The row, or null if nothing was ever in it. */
  SparseRow rowOrNull(int row) {
    return row < count ? rows[row] : null;
  }

  /** The row, made if there is none. */
  SparseRow row(int row) {
    if (row >= rows.length) {
      rows = Arrays.copyOf(rows, Math.max(row + 1, 2 * rows.length));
    }
    count = Math.max(count, row + 1);
    if (rows[row] == null) {
      rows[row] = new SparseRow(channels);
    }
    return rows[row];
  }

  /** Prunes a row that has outgrown its bound. */
  void limit(int row) {
    if (rows[row].size() > bound) {
      rows[row].keepLargest((int) (KEPT * bound), rankedBy);
    }
  }

  void scale(int channel, float factor) {
    for (int row = 0; row < count; row++) {
      if (rows[row] != null) {
        rows[row].scale(channel, factor);
      }
    }
  }

  long entries() {
    long entries = 0;
    for (int row = 0; row < count; row++) {
      entries += rows[row] == null ? 0 : rows[row].size();
    }
    return entries;
  }

  long bytes() {
    long bytes = 4L * rows.length;
    for (int row = 0; row < count; row++) {
      bytes += rows[row] == null ? 0 : rows[row].bytes();
    }
    return bytes;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(count);
    for (int row = 0; row < count; row++) {
      out.writeBoolean(rows[row] != null);
      if (rows[row] != null) {
        rows[row].writeTo(out);
      }
    }
  }

  void readInPlace(DataInput in) throws IOException {
    count = in.readInt();
    rows = new SparseRow[Math.max(64, count)];
    for (int row = 0; row < count; row++) {
      if (in.readBoolean()) {
        rows[row] = SparseRow.readFrom(in, channels);
      }
    }
  }
}
