package dev.millrace.model.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Operations that take whole rows: broadcasts, sums, gathers, scatters, sparse optimizer steps. */
final class CpuRows {

  /** A scatter's rows are shared out by their index modulo this. */
  private static final int OWNERS = 4;

  /** Elements below which a scatter is not shared out. */
  private static final int SMALL_SCATTER = 1 << 15;

  /** Columns that a chunk of work on columns has at least: some lines of the cache. */
  private static final int NARROWEST = 64;

  private final Cpu cpu;
  private final RowMath math;
  private final ColumnMath columns = ColumnMath.FASTEST;

  /** Where the rows of bags begin. */
  private int[] offsets = new int[0];

  CpuRows(Cpu cpu) {
    this.cpu = cpu;
    this.math = cpu.math;
  }

  void addRow(Matrix x, Matrix row) {
    ByteBuffer to = x.bytes();
    ByteBuffer from = row.bytes();
    int n = x.columns();
    eachRow(x, i -> math.addScaled(to, 4 * i * n, from, 0, 1, n));
  }

  void addColumn(Matrix x, Matrix column) {
    ByteBuffer to = x.bytes();
    ByteBuffer from = column.bytes();
    int n = x.columns();
    eachRow(x, i -> math.addScalar(to, 4 * i * n, n, from.getFloat(4 * i)));
  }

  void scaleRows(Matrix x, Matrix column) {
    ByteBuffer to = x.bytes();
    ByteBuffer from = column.bytes();
    int n = x.columns();
    eachRow(x, i -> math.scale(to, 4 * i * n, n, from.getFloat(4 * i)));
  }

  void rowSums(Matrix x, Matrix out) {
    ByteBuffer from = x.bytes();
    ByteBuffer to = out.bytes();
    int n = x.columns();
    eachRow(x, i -> to.putFloat(4 * i, math.sum(from, 4 * i * n, n)));
  }

  void rowDots(Matrix a, Matrix b, Matrix out) {
    ByteBuffer left = a.bytes();
    ByteBuffer right = b.bytes();
    ByteBuffer to = out.bytes();
    int n = a.columns();
    eachRow(a, i -> to.putFloat(4 * i, math.dot(left, 4 * i * n, right, 4 * i * n, n)));
  }

  void argMaxRows(Matrix x, int[] columns) {
    ByteBuffer in = x.bytes();
    int n = x.columns();
    eachRow(x, i -> columns[i] = placeOf(math.max(in, 4 * i * n, n), in, 4 * i * n, n));
  }

  /** The first place of a value in a run, 0 if it is not there. */
  private static int placeOf(float value, ByteBuffer x, int at, int n) {
    for (int j = 0; j < n; j++) {
      if (x.getFloat(at + 4 * j) == value) {
        return j;
      }
    }
    return 0;
  }

  void argMaxColumns(Matrix x, int[] rows) {
    ByteBuffer in = x.bytes();
    int n = x.columns();
    int width = Math.max(NARROWEST, Cpu.GRAIN / x.rows());
    cpu.parallel.run(
        (n + width - 1) / width,
        (chunk, worker) -> {
          int from = chunk * width;
          int to = Math.min(n, from + width);
          Arrays.fill(rows, from, to, 0);
          for (int i = 1; i < x.rows(); i++) {
            takeLarger(in, n, i, from, to, rows);
          }
        });
  }

  private static void takeLarger(ByteBuffer x, int n, int row, int from, int to, int[] rows) {
    for (int j = from; j < to; j++) {
      if (x.getFloat(4 * (row * n + j)) > x.getFloat(4 * (rows[j] * n + j))) {
        rows[j] = row;
      }
    }
  }

  private interface Row {
    void run(int row);
  }

  private void eachRow(Matrix x, Row work) {
    cpu.byRows(
        x.rows(),
        x.columns(),
        (from, to, chunk) -> {
          for (int i = from; i < to; i++) {
            work.run(i);
          }
        });
  }

  void sumOfRows(Matrix x, double beta, Matrix out) {
    ByteBuffer in = x.bytes();
    int n = x.columns();
    int chunks = Cpu.chunksOf(x.rows(), n);
    float[] sums = cpu.partialSums(n * chunks);
    cpu.byRows(
        x.rows(),
        n,
        (from, to, chunk) -> {
          for (int i = from; i < to; i++) {
            math.addTo(sums, n * chunk, in, 4 * i * n, n);
          }
        });
    ByteBuffer result = out.bytes();
    for (int j = 0; j < n; j++) {
      float total = beta == 0 ? 0 : (float) beta * result.getFloat(4 * j);
      for (int chunk = 0; chunk < chunks; chunk++) {
        total += sums[n * chunk + j];
      }
      result.putFloat(4 * j, total);
    }
  }

  /** Four sums side by side: one alone waits for each addition. */
  double sum(Matrix x) {
    ByteBuffer in = x.bytes();
    int end = in.capacity();
    int whole = end & -16;
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int i = 0; i < whole; i += 16) {
      a += in.getFloat(i);
      b += in.getFloat(i + 4);
      c += in.getFloat(i + 8);
      d += in.getFloat(i + 12);
    }
    for (int i = whole; i < end; i += 4) {
      a += in.getFloat(i);
    }
    return (a + b) + (c + d);
  }

  void largest(Matrix x, int count, int[] columns) {
    ByteBuffer in = x.bytes();
    int n = x.columns();
    eachRow(
        x,
        i ->
            LargestEntries.select(j -> in.getFloat(4 * (i * n + j)), n, count, columns, i * count));
  }

  void gather(Matrix table, int[] rows, int count, Matrix out) {
    ByteBuffer from = table.bytes();
    ByteBuffer to = out.bytes();
    int length = 4 * table.columns();
    requireRows("gatherRows", table, rows, count);
    cpu.byRows(
        count,
        table.columns(),
        (first, end, chunk) -> {
          for (int i = first; i < end; i++) {
            to.put(i * length, from, rows[i] * length, length);
          }
        });
  }

  void sumsOfBags(Matrix table, int[] starts, int[] rows, Matrix out) {
    ByteBuffer from = table.bytes();
    ByteBuffer to = out.bytes();
    int n = table.columns();
    int first = starts[0];
    int[] offsets = offsets(starts[out.rows()] - first);
    for (int t = 0; t < starts[out.rows()] - first; t++) {
      offsets[t] = 4 * rows[first + t] * n;
    }
    eachRow(
        out,
        i -> {
          int count = starts[i + 1] - starts[i];
          columns.gatherSum(from, 0, offsets, starts[i] - first, count, to, 4 * i * n, n, false);
        });
  }

  private int[] offsets(int count) {
    if (offsets.length < count) {
      offsets = new int[count];
    }
    return offsets;
  }

  void scatterAdd(Matrix table, int[] rows, int count, double alpha, Matrix x) {
    ByteBuffer to = table.bytes();
    ByteBuffer from = x.bytes();
    int n = table.columns();
    requireRows("scatterAddRowsInPlace", table, rows, count);
    if ((long) count * n < SMALL_SCATTER) {
      for (int i = 0; i < count; i++) {
        math.addScaled(to, 4 * rows[i] * n, from, 4 * i * n, (float) alpha, n);
      }
      return;
    }
    // Each owner adds to its rows in the order given, so the sums do not depend on the sharing.
    cpu.parallel.run(
        OWNERS,
        (owner, worker) -> {
          for (int i = 0; i < count; i++) {
            if ((rows[i] & (OWNERS - 1)) == owner) {
              math.addScaled(to, 4 * rows[i] * n, from, 4 * i * n, (float) alpha, n);
            }
          }
        });
  }

  void adam(
      Matrix table,
      int[] rows,
      int count,
      Matrix gradient,
      Matrix first,
      Matrix second,
      AdamStep step) {
    ByteBuffer p = table.bytes();
    ByteBuffer g = gradient.bytes();
    ByteBuffer m = first.bytes();
    ByteBuffer v = second.bytes();
    int n = table.columns();
    RowMath.AdamScalars scalars = RowMath.AdamScalars.of(step);
    requireRows("adamRowsInPlace", table, rows, count);
    cpu.byRows(
        count,
        n,
        (from, to, chunk) -> {
          for (int i = from; i < to; i++) {
            int at = 4 * rows[i] * n;
            math.adam(p, at, g, 4 * i * n, m, at, v, at, n, scalars);
          }
        });
  }

  private static void requireRows(String operation, Matrix table, int[] rows, int count) {
    for (int i = 0; i < count; i++) {
      Shapes.inRange(operation, rows[i], table.rows());
    }
  }
}
