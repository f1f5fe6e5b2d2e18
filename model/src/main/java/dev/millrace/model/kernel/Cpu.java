package dev.millrace.model.kernel;

/** What the parts of {@link CpuKernels} share: threads, loops, and how work is cut. */
final class Cpu implements AutoCloseable {

  /** Elements of a chunk: some 20 microseconds of simple work. */
  static final int GRAIN = 1 << 15;

  final Parallel parallel;
  final RowMath math = RowMath.FASTEST;

  private float[] partial = new float[0];

  Cpu(int threads) {
    parallel = new Parallel(threads);
  }

  /** Work on rows {@code from} to {@code to - 1}, the chunk of the given number. */
  interface Rows {
    void run(int from, int to, int chunk);
  }

  /** Cuts rows into chunks by shape alone and runs them. */
  void byRows(int rows, int columns, Rows work) {
    int step = Math.max(1, GRAIN / Math.max(1, columns));
    parallel.run(
        chunks(rows, step),
        (chunk, worker) -> work.run(chunk * step, Math.min(rows, (chunk + 1) * step), chunk));
  }

  /** Number of chunks that {@link #byRows} makes. */
  static int chunksOf(int rows, int columns) {
    return chunks(rows, Math.max(1, GRAIN / Math.max(1, columns)));
  }

  private static int chunks(int length, int step) {
    return (length + step - 1) / step;
  }

  /** Work on {@code count} elements from byte {@code at} on. */
  interface Run {
    void run(int at, int count);
  }

  /** Cuts a whole matrix, as one run of elements. */
  void byElements(Matrix x, Run work) {
    int size = Math.toIntExact(x.size());
    parallel.run(
        chunks(size, GRAIN),
        (chunk, worker) -> {
          int from = chunk * GRAIN;
          work.run(4 * from, Math.min(GRAIN, size - from));
        });
  }

  /** Zeroed scratch for the partial sums of chunks. */
  float[] partialSums(int size) {
    if (partial.length < size) {
      partial = new float[size];
    }
    java.util.Arrays.fill(partial, 0, size, 0f);
    return partial;
  }

  @Override
  public void close() {
    parallel.close();
  }
}
