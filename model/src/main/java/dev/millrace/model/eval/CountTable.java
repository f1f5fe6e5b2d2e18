package dev.millrace.model.eval;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** Rows of counts by index, each made when it is first needed. */
final class CountTable {
  private CountRow[] rows = new CountRow[0];

  /** The row of an index, made if it is not there. */
  CountRow row(int index) {
    if (index >= rows.length) {
      rows = Arrays.copyOf(rows, Math.max(index + 1, rows.length + (rows.length >> 1)));
    }
    if (rows[index] == null) {
      rows[index] = new CountRow();
    }
    return rows[index];
  }

  /** The row of an index, or null when nothing was counted there. */
  CountRow rowOrNull(int index) {
    return index < rows.length ? rows[index] : null;
  }

  /** Counts held, over all rows. */
  long size() {
    long size = 0;
    for (CountRow row : rows) {
      size += row == null ? 0 : row.size();
    }
    return size;
  }

  /** Bytes of the arrays of all rows. */
  long bytes() {
    long bytes = 4L * rows.length;
    for (CountRow row : rows) {
      bytes += row == null ? 0 : row.bytes();
    }
    return bytes;
  }

  void write(DataOutput out, PackedBytes packed) throws IOException {
    int length = rows.length;
    while (length > 0 && rows[length - 1] == null) {
      length--;
    }
    out.writeInt(length);
    for (int index = 0; index < length; index++) {
      packed.clear();
      if (rows[index] != null) {
        rows[index].write(packed);
      }
      packed.writeBlock(out);
    }
  }

  static CountTable read(DataInput in, PackedBytes packed) throws IOException {
    CountTable table = new CountTable();
    table.rows = new CountRow[in.readInt()];
    for (int index = 0; index < table.rows.length; index++) {
      packed.readBlock(in);
      table.rows[index] = packed.isEmpty() ? null : CountRow.read(packed);
    }
    return table;
  }
}
