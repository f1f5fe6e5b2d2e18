package dev.millrace.model.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Attention over packed sequences, one segment after another; segments are independent.
 *
 * <p>Keys are transposed into scratch memory, so that 16 scores are computed side by side without a
 * sum across lanes. Probabilities stand at {@code (query * heads + head) * length + key} after
 * those of earlier segments, and that index is also the dropout's.
 */
final class CpuAttention {

  private static final int CHUNKS = 16;

  private final Cpu cpu;
  private final RowMath math;
  private final Scratch[] scratch;

  private int[] firstQuery = new int[65];
  private int[] firstProbability = new int[65];

  CpuAttention(Cpu cpu) {
    this.cpu = cpu;
    this.math = cpu.math;
    this.scratch = new Scratch[cpu.parallel.threads()];
    Arrays.setAll(scratch, i -> new Scratch());
  }

  void forward(
      Matrix query,
      Matrix key,
      Matrix value,
      PackedSegments segments,
      AttentionOptions options,
      Matrix probabilities,
      Matrix out) {
    index(segments, options.heads());
    bySegments(
        segments,
        (segment, worker) -> {
          Scratch s = scratch[worker];
          Segment at = new Segment(segments, segment, query.columns(), options.heads());
          s.reserve(at);
          for (int head = 0; head < options.heads(); head++) {
            forward(at, head, query, key, value, options, probabilities.floats(), out.floats(), s);
          }
        });
  }

  private void forward(
      Segment at,
      int head,
      Matrix query,
      Matrix key,
      Matrix value,
      AttentionOptions options,
      FloatBuffer probabilities,
      FloatBuffer out,
      Scratch s) {
    at.read(key.floats(), head, s.rows);
    at.transpose(s.rows, s.columns);
    at.read(value.floats(), head, s.rows);
    DropoutMask mask = mask(options);
    for (int q = 0; q < at.queries; q++) {
      int keys = at.visibleKeys(q);
      query.floats().get(at.queryAt(q, head), s.vector, 0, at.width);
      math.scores(s.vector, 0, at.width, s.columns, at.stride, at.scale, s.scores, keys);
      at.mask(q, s.scores);
      softmax(s.scores, keys);
      int from = at.probabilityAt(q, head);
      probabilities.put(from, s.scores, 0, keys);
      if (mask != null) {
        drop(s.scores, keys, s.keep, keepFactors(mask, from, keys, s));
      }
      math.weightedSum(s.scores, keys, s.rows, at.width, s.result);
      out.put(at.queryAt(q, head), s.result, 0, at.width);
    }
  }

  void backward(
      Matrix query,
      Matrix key,
      Matrix value,
      PackedSegments segments,
      AttentionOptions options,
      Matrix probabilities,
      Matrix gradient,
      Matrix gradientQuery,
      Matrix gradientKey,
      Matrix gradientValue) {
    index(segments, options.heads());
    DropoutMask mask = mask(options);
    bySegments(
        segments,
        (segment, worker) -> {
          Scratch s = scratch[worker];
          Segment at = new Segment(segments, segment, query.columns(), options.heads());
          s.reserve(at);
          for (int head = 0; head < options.heads(); head++) {
            at.read(value.floats(), head, s.rows);
            at.transpose(s.rows, s.columns);
            at.read(key.floats(), head, s.rows);
            Arrays.fill(s.keyGradient, 0, at.length * at.width, 0f);
            Arrays.fill(s.valueGradient, 0, at.length * at.width, 0f);
            for (int q = 0; q < at.queries; q++) {
              backward(
                  at, head, q, query, mask, probabilities.floats(), gradient, gradientQuery, s);
            }
            at.write(s.keyGradient, gradientKey.floats(), head);
            at.write(s.valueGradient, gradientValue.floats(), head);
          }
        });
  }

  private void backward(
      Segment at,
      int head,
      int q,
      Matrix query,
      DropoutMask mask,
      FloatBuffer probabilities,
      Matrix gradient,
      Matrix gradientQuery,
      Scratch s) {
    int keys = at.visibleKeys(q);
    int from = at.probabilityAt(q, head);
    int width = at.width;
    probabilities.get(from, s.probabilities, 0, keys);
    gradient.floats().get(at.queryAt(q, head), s.vector, 0, width);
    // Gradient of the dropped probabilities, then of the probabilities themselves.
    math.scores(s.vector, 0, width, s.columns, at.stride, 1, s.scores, keys);
    System.arraycopy(s.probabilities, 0, s.dropped, 0, keys);
    if (mask != null) {
      int start = keepFactors(mask, from, keys, s);
      drop(s.dropped, keys, s.keep, start);
      drop(s.scores, keys, s.keep, start);
    }
    math.addOuter(s.dropped, keys, s.vector, width, s.valueGradient);
    softmaxGradient(s, keys, at.scale);
    query.floats().get(at.queryAt(q, head), s.vector, 0, width);
    math.weightedSum(s.scores, keys, s.rows, width, s.result);
    math.addOuter(s.scores, keys, s.vector, width, s.keyGradient);
    gradientQuery.floats().put(at.queryAt(q, head), s.result, 0, width);
  }

  private void softmax(float[] scores, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, scores[i]);
    }
    float factor = 1 / math.exp(scores, n, max);
    for (int i = 0; i < n; i++) {
      scores[i] *= factor;
    }
  }

  /**
   * From the gradient {@code g} of the probabilities to that of the products of queries and keys:
   * {@code p (g - <p, g>)}. Gradients are taken less that of the likeliest key, which changes
   * nothing in exact arithmetic: where one key has nearly all of the probability its own difference
   * would else be rounding alone.
   */
  private static void softmaxGradient(Scratch s, int keys, float scale) {
    int likeliest = 0;
    for (int i = 1; i < keys; i++) {
      likeliest = s.probabilities[i] > s.probabilities[likeliest] ? i : likeliest;
    }
    float pivot = s.scores[likeliest];
    float along = 0;
    for (int i = 0; i < keys; i++) {
      s.scores[i] -= pivot;
      along = Math.fma(s.scores[i], s.probabilities[i], along);
    }
    for (int i = 0; i < keys; i++) {
      s.scores[i] = scale * s.probabilities[i] * (s.scores[i] - along);
    }
  }

  private static DropoutMask mask(AttentionOptions options) {
    return options.dropout() == 0 ? null : new DropoutMask(options.seed(), options.dropout());
  }

  /** Factors of probabilities {@code from ...}; returns where in {@code keep} they begin. */
  private int keepFactors(DropoutMask mask, int from, int keys, Scratch s) {
    int start = from & 1;
    math.keepFactors(s.keep, keys + start, mask, from - start);
    return start;
  }

  private static void drop(float[] x, int n, float[] keep, int start) {
    for (int i = 0; i < n; i++) {
      x[i] *= keep[start + i];
    }
  }

  /** Where each segment's queries and probabilities begin. */
  private void index(PackedSegments segments, int heads) {
    int count = segments.count();
    if (firstQuery.length <= count) {
      firstQuery = new int[2 * count + 1];
      firstProbability = new int[2 * count + 1];
    }
    int query = 0;
    int probability = 0;
    for (int s = 0; s < count; s++) {
      firstQuery[s] = query;
      firstProbability[s] = probability;
      int end = segments.offsets()[s + 1];
      while (query < segments.queries() && segments.queryRows()[query] < end) {
        query++;
      }
      int queries = query - firstQuery[s];
      probability =
          Math.addExact(
              probability, Math.multiplyExact(queries * heads, end - segments.offsets()[s]));
    }
    firstQuery[count] = query;
    firstProbability[count] = probability;
  }

  private void bySegments(PackedSegments segments, Parallel.Chunks work) {
    int count = segments.count();
    int step = (count + CHUNKS - 1) / CHUNKS;
    boolean small = segments.tokens() < 64;
    int chunks = count == 0 ? 0 : small ? 1 : (count + step - 1) / step;
    int length = small ? count : step;
    cpu.parallel.run(
        chunks,
        (chunk, worker) -> {
          for (int s = chunk * length; s < Math.min(count, (chunk + 1) * length); s++) {
            work.run(s, worker);
          }
        });
  }

  /** One segment's place in all matrices. */
  private final class Segment {

    private final PackedSegments segments;
    private final int columns;
    private final int heads;
    private final int first;
    private final int firstQueryRow;
    private final int probability;
    final int length;
    final int queries;
    final int width;
    final int stride;
    final float scale;

    Segment(PackedSegments segments, int segment, int columns, int heads) {
      this.segments = segments;
      this.columns = columns;
      this.heads = heads;
      first = segments.offsets()[segment];
      length = segments.offsets()[segment + 1] - first;
      firstQueryRow = firstQuery[segment];
      queries = firstQuery[segment + 1] - firstQueryRow;
      probability = firstProbability[segment];
      width = columns / heads;
      stride = RowMath.padded(length);
      scale = (float) (1 / Math.sqrt(width));
    }

    int queryAt(int query, int head) {
      return (firstQueryRow + query) * columns + head * width;
    }

    int probabilityAt(int query, int head) {
      return probability + (query * heads + head) * length;
    }

    /** Keys up to the query's own token; all of them if it may see none. */
    int visibleKeys(int query) {
      int own = segments.queryRows()[firstQueryRow + query] - first;
      return seesNothing(own) ? length : own + 1;
    }

    private boolean seesNothing(int own) {
      for (int i = 0; i <= own; i++) {
        if (!segments.masked()[first + i]) {
          return false;
        }
      }
      return true;
    }

    void mask(int query, float[] scores) {
      int own = segments.queryRows()[firstQueryRow + query] - first;
      if (seesNothing(own)) {
        return;
      }
      for (int i = 0; i <= own; i++) {
        if (segments.masked()[first + i]) {
          scores[i] = Float.NEGATIVE_INFINITY;
        }
      }
    }

    void read(FloatBuffer from, int head, float[] rows) {
      for (int i = 0; i < length; i++) {
        from.get((first + i) * columns + head * width, rows, i * width, width);
      }
    }

    void write(float[] rows, FloatBuffer to, int head) {
      for (int i = 0; i < length; i++) {
        to.put((first + i) * columns + head * width, rows, i * width, width);
      }
    }

    void transpose(float[] rows, float[] out) {
      for (int i = 0; i < length; i++) {
        for (int j = 0; j < width; j++) {
          out[j * stride + i] = rows[i * width + j];
        }
      }
    }
  }

  /** Memory of one thread, for the longest segment seen. */
  private static final class Scratch {

    private float[] rows = new float[0];
    private float[] columns = new float[0];
    private float[] keyGradient = new float[0];
    private float[] valueGradient = new float[0];
    private float[] scores = new float[0];
    private float[] probabilities = new float[0];
    private float[] dropped = new float[0];
    private float[] keep = new float[0];
    private float[] vector = new float[0];
    private float[] result = new float[0];

    void reserve(Segment at) {
      int size = at.stride * at.width;
      if (rows.length < size) {
        rows = new float[size];
        columns = new float[size];
        keyGradient = new float[size];
        valueGradient = new float[size];
      }
      if (scores.length < at.stride) {
        scores = new float[at.stride];
        probabilities = new float[at.stride];
        dropped = new float[at.stride];
        keep = new float[at.stride + RowMath.PADDING];
      }
      if (vector.length < at.width) {
        vector = new float[at.width];
        result = new float[at.width];
      }
    }
  }
}
