package dev.millrace.model.kernel;

import java.nio.ByteBuffer;

/**
 * Statistics of columns over segments of rows, and what normalisations do with them.
 *
 * <p>A chunk is some whole segments, or a part of one where segments are long; sums of parts are
 * joined in order.
 */
final class CpuColumns {

  private final Cpu cpu;
  private final ColumnMath math = ColumnMath.FASTEST;

  /** Partial sums of parts, and the means that their squares refer to. */
  private float[] sums = new float[0];

  private float[] others = new float[0];

  CpuColumns(Cpu cpu) {
    this.cpu = cpu;
  }

  /** How the rows of a matrix are cut: by shape alone. */
  private record Cut(int segments, int length, int columns, int step) {

    static Cut of(Matrix x, int segments) {
      int length = x.rows() / segments;
      return new Cut(
          segments, length, x.columns(), Math.max(1, Cpu.GRAIN / Math.max(1, x.columns())));
    }

    /** Parts of one segment. */
    int parts() {
      return Math.max(1, (length + step - 1) / step);
    }

    int from(int part) {
      return Math.min(length, part * step);
    }

    /** Segments of one chunk, if segments are short. */
    int together() {
      return Math.max(1, step / Math.max(1, length));
    }
  }

  /** Work on {@code rows} rows from byte {@code at} on, all of one segment. */
  private interface Part {
    void run(int at, int rows, int segment, int part);
  }

  private void eachPart(Cut cut, Part work) {
    int parts = cut.parts();
    int together = parts == 1 ? cut.together() : 1;
    int groups = (cut.segments() + together - 1) / together;
    cpu.parallel.run(
        groups * parts,
        (chunk, worker) -> {
          int part = chunk % parts;
          int first = chunk / parts * together;
          int end = Math.min(cut.segments(), first + together);
          for (int segment = first; segment < end; segment++) {
            int from = cut.from(part);
            int row = segment * cut.length() + from;
            work.run(4 * row * cut.columns(), cut.from(part + 1) - from, segment, part);
          }
        });
  }

  private void reserve(int size) {
    if (sums.length < size) {
      sums = new float[size];
      others = new float[size];
    }
  }

  void moments(Matrix x, Matrix mean, Matrix variance) {
    Cut cut = Cut.of(x, mean.rows());
    int n = cut.columns();
    int parts = cut.parts();
    reserve(n * parts * cut.segments());
    float[] means = sums;
    float[] squares = others;
    ByteBuffer in = x.bytes();
    eachPart(
        cut,
        (at, rows, segment, part) -> {
          int to = (segment * parts + part) * n;
          math.sums(in, at, rows, n, 0, means, to);
          for (int j = to; j < to + n; j++) {
            means[j] /= rows;
          }
          math.squares(in, at, rows, n, 0, means, squares, to);
        });
    ByteBuffer toMean = mean.bytes();
    ByteBuffer toVariance = variance.bytes();
    for (int e = 0; e < cut.segments() * n; e++) {
      join(cut, e / n * parts * n + e % n, e, toMean, toVariance);
    }
  }

  /** Joins the moments of the parts of one column (Chan, Golub and LeVeque 1979). */
  private void join(Cut cut, int first, int element, ByteBuffer mean, ByteBuffer variance) {
    double average = 0;
    for (int part = 0; part < cut.parts(); part++) {
      double weight = cut.from(part + 1) - cut.from(part);
      average += weight / cut.length() * sums[first + part * cut.columns()];
    }
    double square = 0;
    for (int part = 0; part < cut.parts(); part++) {
      double weight = cut.from(part + 1) - cut.from(part);
      double distance = sums[first + part * cut.columns()] - average;
      square += others[first + part * cut.columns()] + weight * distance * distance;
    }
    mean.putFloat(4 * element, (float) average);
    variance.putFloat(4 * element, (float) (square / cut.length()));
  }

  void scale(
      Matrix x,
      Matrix mean,
      Matrix scale,
      Matrix shift,
      Matrix residual,
      boolean rectified,
      Matrix out) {
    Cut cut = Cut.of(x, mean.rows());
    int n = cut.columns();
    ByteBuffer in = x.bytes();
    ByteBuffer to = out.bytes();
    ByteBuffer added = residual == null ? null : residual.bytes();
    ByteBuffer m = mean.bytes();
    ByteBuffer a = scale.bytes();
    ByteBuffer b = shift.bytes();
    float floor = rectified ? 0 : Float.NEGATIVE_INFINITY;
    eachPart(
        cut,
        (at, rows, segment, part) -> {
          ColumnMath.Statistics s = new ColumnMath.Statistics(m, a, b, null, 4 * segment * n);
          if (added == null) {
            math.scale(in, at, rows, n, 0, s, floor, to);
          } else {
            math.scaleAndAdd(in, at, rows, n, 0, s, added, floor, to);
          }
        });
  }

  void gradientSums(
      Matrix gradient, Matrix output, Matrix x, Matrix mean, Matrix total, Matrix products) {
    Cut cut = Cut.of(x, mean.rows());
    int n = cut.columns();
    int parts = cut.parts();
    reserve(n * parts * cut.segments());
    float[] a = sums;
    float[] b = others;
    ByteBuffer g = gradient.bytes();
    ByteBuffer y = output == null ? null : output.bytes();
    ByteBuffer in = x.bytes();
    ByteBuffer m = mean.bytes();
    eachPart(
        cut,
        (at, rows, segment, part) -> {
          if (y != null) {
            math.mask(g, y, at, rows * n);
          }
          int to = (segment * parts + part) * n;
          ColumnMath.Statistics s = new ColumnMath.Statistics(m, null, null, null, 4 * segment * n);
          math.gradientSums(g, in, at, rows, n, 0, s, a, b, to);
        });
    for (int e = 0; e < cut.segments() * n; e++) {
      double sum = 0;
      double product = 0;
      for (int part = 0; part < parts; part++) {
        int at = (e / n * parts + part) * n + e % n;
        sum += a[at];
        product += b[at];
      }
      total.bytes().putFloat(4 * e, (float) sum);
      products.bytes().putFloat(4 * e, (float) product);
    }
  }

  void gradients(Matrix gradient, Matrix x, Matrix mean, Matrix a, Matrix b, Matrix c, Matrix out) {
    Cut cut = Cut.of(x, mean.rows());
    int n = cut.columns();
    ByteBuffer g = gradient.bytes();
    ByteBuffer in = x.bytes();
    ByteBuffer to = out.bytes();
    ByteBuffer m = mean.bytes();
    ByteBuffer scale = a.bytes();
    ByteBuffer shift = b.bytes();
    ByteBuffer slope = c.bytes();
    eachPart(
        cut,
        (at, rows, segment, part) -> {
          ColumnMath.Statistics s =
              new ColumnMath.Statistics(m, scale, shift, slope, 4 * segment * n);
          math.gradients(g, in, at, rows, n, 0, s, to);
        });
  }
}
