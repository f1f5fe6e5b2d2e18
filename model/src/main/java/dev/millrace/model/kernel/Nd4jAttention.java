package dev.millrace.model.kernel;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Attention over packed sequences as ND4J operations, one segment and head after another.
 *
 * <p>Probabilities stand at {@code (query * heads + head) * length + key} after those of earlier
 * segments, and that index is also the dropout's, as in the other implementation.
 */
final class Nd4jAttention {

  private Nd4jAttention() {}

  static void forward(
      Matrix query,
      Matrix key,
      Matrix value,
      PackedSegments segments,
      AttentionOptions options,
      Matrix probabilities,
      Matrix out) {
    int heads = options.heads();
    double scale = scale(query, heads);
    INDArray q = byHead(query, heads);
    INDArray k = byHead(key, heads);
    INDArray v = byHead(value, heads);
    INDArray result = q.ulike();
    for (Block block : blocks(segments, heads)) {
      INDArray mask = mask(block, segments, query);
      for (int head = 0; head < heads; head++) {
        INDArray scores = product(block.queries(q, head), block.keys(k, head), false, true);
        scores.muli(scale).addi(mask);
        Nd4jSoftmax.softmaxInPlace(scores);
        block.probabilities(probabilities, head).assign(scores);
        block.dropInPlace(scores, head, options);
        INDArray context = product(scores, block.keys(v, head), false, false);
        block.queries(result, head).assign(context);
      }
    }
    join(result, out);
  }

  static void backward(
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
    int heads = options.heads();
    double scale = scale(query, heads);
    INDArray q = byHead(query, heads);
    INDArray k = byHead(key, heads);
    INDArray v = byHead(value, heads);
    INDArray g = byHead(gradient, heads);
    INDArray dq = q.ulike();
    INDArray dk = k.like();
    INDArray dv = v.like();
    for (Block block : blocks(segments, heads)) {
      for (int head = 0; head < heads; head++) {
        INDArray p = block.probabilities(probabilities, head).dup('c');
        INDArray own = block.queries(g, head);
        INDArray slope = product(own, block.keys(v, head), false, true);
        block.dropInPlace(slope, head, options);
        INDArray dropped = p.dup('c');
        block.dropInPlace(dropped, head, options);
        block.keys(dv, head).assign(product(dropped, own, true, false));
        // Softmax: p (slope - <p, slope>), slopes less that of the likeliest keys: where one has
        // nearly all of the probability its own difference would else be rounding alone.
        INDArray peak = p.sub(p.max(true, 1)).gte(0).castTo(p.dataType());
        slope.subi(slope.mul(peak).sum(true, 1).divi(peak.sum(true, 1)));
        INDArray along = slope.mul(p).sum(true, 1);
        slope.subi(along).muli(p).muli(scale);
        block.queries(dq, head).assign(product(slope, block.keys(k, head), false, false));
        block.keys(dk, head).assign(product(slope, block.queries(q, head), true, false));
      }
    }
    join(dq, gradientQuery);
    join(dk, gradientKey);
    join(dv, gradientValue);
  }

  private static double scale(Matrix query, int heads) {
    return 1 / Math.sqrt((double) query.columns() / heads);
  }

  /** {@code rows x d} as {@code heads x rows x d/heads}, a copy. */
  private static INDArray byHead(Matrix x, int heads) {
    return x.array().reshape('c', x.rows(), heads, x.columns() / heads).permute(1, 0, 2).dup('c');
  }

  /** The inverse of {@link #byHead}. */
  private static void join(INDArray parts, Matrix out) {
    out.array().assign(parts.permute(1, 0, 2).dup('c').reshape('c', out.rows(), out.columns()));
  }

  private static INDArray product(INDArray a, INDArray b, boolean left, boolean right) {
    long rows = left ? a.columns() : a.rows();
    long columns = right ? b.rows() : b.columns();
    INDArray out = Nd4j.createUninitialized(a.dataType(), new long[] {rows, columns}, 'c');
    Nd4jKernels.multiply(a, b, left, right, 1, 0, out);
    return out;
  }

  /** What is added to the scores of a segment: 0, or minus infinity where a query may not look. */
  private static INDArray mask(Block block, PackedSegments segments, Matrix like) {
    double[][] mask = new double[block.queries][block.length];
    for (int i = 0; i < block.queries; i++) {
      int own = segments.queryRows()[block.firstQuery + i] - block.firstToken;
      boolean seesNothing = true;
      for (int j = 0; j <= own; j++) {
        seesNothing &= segments.masked()[block.firstToken + j];
      }
      for (int j = 0; j < block.length && !seesNothing; j++) {
        if (j > own || segments.masked()[block.firstToken + j]) {
          mask[i][j] = Double.NEGATIVE_INFINITY;
        }
      }
    }
    return Nd4j.createFromArray(mask).castTo(like.type());
  }

  /** The segments that have queries, in order. */
  private static List<Block> blocks(PackedSegments segments, int heads) {
    List<Block> blocks = new ArrayList<>();
    int query = 0;
    int probability = 0;
    for (int s = 0; s < segments.count(); s++) {
      int from = segments.offsets()[s];
      int to = segments.offsets()[s + 1];
      int first = query;
      while (query < segments.queries() && segments.queryRows()[query] < to) {
        query++;
      }
      if (query > first) {
        Block block = new Block(first, query - first, from, to - from, probability, heads);
        blocks.add(block);
        probability =
            Math.addExact(probability, Math.multiplyExact(block.queries * heads, block.length));
      }
    }
    return blocks;
  }

  /** Where one segment lies in the matrices. */
  private record Block(
      int firstQuery, int queries, int firstToken, int length, int probability, int heads) {

    /** This segment's queries of one head, {@code queries x d/heads}. */
    INDArray queries(INDArray byHead, int head) {
      return slice(byHead, head, firstQuery, queries);
    }

    /** This segment's tokens of one head, {@code length x d/heads}. */
    INDArray keys(INDArray byHead, int head) {
      return slice(byHead, head, firstToken, length);
    }

    private static INDArray slice(INDArray byHead, int head, int from, int count) {
      return byHead
          .get(
              NDArrayIndex.point(head),
              NDArrayIndex.interval(from, from + (long) count),
              NDArrayIndex.all())
          .reshape('c', count, byHead.size(2));
    }

    /** A view of one head's probabilities, {@code queries x length}. */
    INDArray probabilities(Matrix all, int head) {
      return all.strided(probability + (long) head * length, queries, length, heads * length);
    }

    /** Dropout of one head's probabilities or of their gradient. */
    void dropInPlace(INDArray x, int head, AttentionOptions options) {
      if (options.dropout() == 0) {
        return;
      }
      double factor = 1 / (1 - options.dropout());
      double[][] kept = new double[queries][length];
      for (int i = 0; i < queries; i++) {
        long from = probability + (long) (i * heads + head) * length;
        for (int j = 0; j < length; j++) {
          kept[i][j] = DropoutMask.keeps(options.seed(), from + j, options.dropout()) ? factor : 0;
        }
      }
      x.muli(Nd4j.createFromArray(kept).castTo(x.dataType()));
    }
  }
}
