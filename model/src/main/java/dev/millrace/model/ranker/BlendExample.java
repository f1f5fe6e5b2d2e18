package dev.millrace.model.ranker;

import dev.millrace.model.kernel.ArrayIO;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A basket as the blend learns it: features of its candidates as they were before the basket was
 * counted.
 */
final class BlendExample {

  private final int candidates;
  private final float[] features;
  private final float[] corrections;
  private final byte[] flags;

  /** Bits of a candidate. */
  static final byte TARGET = 1;

  static final byte UNSEEN = 2;

  /**
   * @param features {@code F x C}, feature-major
   * @param corrections what is added to a candidate's score in training
   * @param flags {@link #TARGET} and {@link #UNSEEN}
   */
  BlendExample(float[] features, float[] corrections, byte[] flags) {
    this.candidates = flags.length;
    this.features = features;
    this.corrections = corrections;
    this.flags = flags;
  }

  int candidates() {
    return candidates;
  }

  /** Copies the features into columns {@code from} on of a feature-major array. */
  void copyFeatures(float[] target, int columns, int from) {
    int rows = features.length / candidates;
    for (int f = 0; f < rows; f++) {
      System.arraycopy(features, f * candidates, target, f * columns + from, candidates);
    }
  }

  /**
   * The loss, from the candidates' scores, which become their gradients.
   *
   * @param scale factor of loss and gradients
   */
  double lossAndGradient(double[] scores, int from, double scale) {
    double[] gradients = new double[candidates];
    double loss = addCrossEntropy(scores, from, scale, TARGET, (byte) 0, gradients);
    loss += addCrossEntropy(scores, from, scale, (byte) (TARGET | UNSEEN), UNSEEN, gradients);
    System.arraycopy(gradients, 0, scores, from, candidates);
    return loss;
  }

  /** {@code sqrt(n) CE} over candidates that have the bits {@code member}. */
  private double addCrossEntropy(
      double[] scores, int from, double scale, byte target, byte member, double[] gradients) {
    int count = 0;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < candidates; i++) {
      if ((flags[i] & member) == member) {
        max = Math.max(max, scores[from + i] + corrections[i]);
        count += (flags[i] & target) == target ? 1 : 0;
      }
    }
    if (count == 0) {
      return 0;
    }
    double sum = 0;
    for (int i = 0; i < candidates; i++) {
      if ((flags[i] & member) == member) {
        sum += StrictMath.exp(scores[from + i] + corrections[i] - max);
      }
    }
    double logSum = max + StrictMath.log(sum);
    double weight = scale * Math.sqrt(count);
    double loss = 0;
    for (int i = 0; i < candidates; i++) {
      if ((flags[i] & member) == member) {
        double logit = scores[from + i] + corrections[i] - logSum;
        gradients[i] += weight * StrictMath.exp(logit);
        if ((flags[i] & target) == target) {
          gradients[i] -= weight / count;
          loss -= weight / count * logit;
        }
      }
    }
    return loss;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(candidates);
    out.writeInt(features.length);
    ArrayIO.write(out, features, 0, features.length);
    ArrayIO.write(out, corrections, 0, candidates);
    out.write(flags);
  }

  static BlendExample readFrom(DataInput in) throws IOException {
    int candidates = in.readInt();
    float[] features = new float[in.readInt()];
    ArrayIO.read(in, features, 0, features.length);
    float[] corrections = new float[candidates];
    ArrayIO.read(in, corrections, 0, candidates);
    byte[] flags = new byte[candidates];
    in.readFully(flags);
    return new BlendExample(features, corrections, flags);
  }
}
