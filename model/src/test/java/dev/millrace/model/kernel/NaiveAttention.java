package dev.millrace.model.kernel;

/** The formula of attention, entry by entry, in double precision. */
final class NaiveAttention {

  final PackedSegments segments;
  final AttentionOptions options;
  private final int width;

  double[] out;
  double[] gradientQuery;
  double[] gradientKey;
  double[] gradientValue;

  NaiveAttention(PackedSegments segments, AttentionOptions options, int width) {
    this.segments = segments;
    this.options = options;
    this.width = width;
  }

  int probabilityCount() {
    int count = 0;
    for (int i = 0; i < segments.queries(); i++) {
      int s = segmentOf(segments.queryRows()[i]);
      count += options.heads() * (segments.offsets()[s + 1] - segments.offsets()[s]);
    }
    return count;
  }

  void run(double[] q, double[] k, double[] v, double[] gradient) {
    out = new double[q.length];
    gradientQuery = new double[q.length];
    gradientKey = new double[k.length];
    gradientValue = new double[v.length];
    long at = 0;
    for (int i = 0; i < segments.queries(); i++) {
      int own = segments.queryRows()[i];
      int s = segmentOf(own);
      int from = segments.offsets()[s];
      int length = segments.offsets()[s + 1] - from;
      for (int head = 0; head < options.heads(); head++) {
        query(i, own, from, length, head, at, q, k, v, gradient);
        at += length;
      }
    }
  }

  private void query(
      int i,
      int own,
      int from,
      int length,
      int head,
      long at,
      double[] q,
      double[] k,
      double[] v,
      double[] gradient) {
    int d = width / options.heads();
    int qi = i * width + head * d;
    double[] p = probabilities(qi, own, from, length, head, q, k);
    double[] keep = new double[length];
    double[] slope = new double[length];
    double along = 0;
    for (int j = 0; j < length; j++) {
      int kj = (from + j) * width + head * d;
      keep[j] =
          DropoutMask.keeps(options.seed(), at + j, options.dropout())
              ? 1 / (1 - options.dropout())
              : 0;
      for (int c = 0; c < d; c++) {
        out[qi + c] += p[j] * keep[j] * v[kj + c];
        gradientValue[kj + c] += p[j] * keep[j] * gradient[qi + c];
        slope[j] += keep[j] * gradient[qi + c] * v[kj + c];
      }
      along += p[j] * slope[j];
    }
    for (int j = 0; j < length; j++) {
      int kj = (from + j) * width + head * d;
      double score = p[j] * (slope[j] - along) / Math.sqrt(d);
      for (int c = 0; c < d; c++) {
        gradientQuery[qi + c] += score * k[kj + c];
        gradientKey[kj + c] += score * q[qi + c];
      }
    }
  }

  private double[] probabilities(
      int qi, int own, int from, int length, int head, double[] q, double[] k) {
    int d = width / options.heads();
    double[] p = new double[length];
    double sum = 0;
    boolean blind = true;
    for (int j = 0; from + j <= own; j++) {
      blind &= segments.masked()[from + j];
    }
    for (int j = 0; j < length; j++) {
      double score = 0;
      for (int c = 0; c < d; c++) {
        score += q[qi + c] * k[(from + j) * width + head * d + c] / Math.sqrt(d);
      }
      boolean seen = blind || (from + j <= own && !segments.masked()[from + j]);
      p[j] = seen ? Math.exp(score) : 0;
      sum += p[j];
    }
    for (int j = 0; j < length; j++) {
      p[j] /= sum;
    }
    return p;
  }

  private int segmentOf(int token) {
    int s = 0;
    while (segments.offsets()[s + 1] <= token) {
      s++;
    }
    return s;
  }
}
