package dev.millrace.model.encoder;

import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.ExponentialAverage;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A copy of an encoder that follows it slowly and serves embeddings.
 *
 * <p>After step {@code t = 1, 2, ...} of the encoder: {@code average = m average + (1 - m) online}
 * with {@code m = min(momentum, t / (t + 9))}, for the weights and for the running statistics
 * alike: statistics of other weights would not fit. The ramp lets the first steps count, so that
 * the random weights of the start are soon forgotten.
 *
 * <p>Tarvainen and Valpola, Mean teachers are better role models, NeurIPS 2017, section 3.
 */
public final class EncoderAverage implements CanonicalState {

  private static final int VERSION = 1;

  private final double momentum;
  private final ConvEncoder averaged;
  private final ExponentialAverage weights;
  private final ExponentialAverage statistics;
  private long steps;

  /**
   * An average that begins as a copy of the encoder.
   *
   * @param momentum share of the average that is kept in a step, in [0, 1)
   */
  public EncoderAverage(Kernels kernels, ConvEncoder online, double momentum) {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "the momentum of the average lies in [0, 1), was " + momentum);
    }
    this.momentum = momentum;
    // The draws are overwritten at once.
    this.averaged = new ConvEncoder(kernels, online.config(), new SeededRandom(0));
    averaged.parameters().copyValuesInPlace(online.parameters());
    averaged.statistics().copyValuesInPlace(online.statistics());
    this.weights = new ExponentialAverage(kernels, averaged.parameters(), online.parameters());
    this.statistics = new ExponentialAverage(kernels, averaged.statistics(), online.statistics());
  }

  /** Follows the encoder, once after each of its steps. */
  public void stepInPlace() {
    followInPlace(1);
  }

  /**
   * Follows the encoder after several steps at once, of which only the last one's weights are
   * known: {@code m} is the product of what those steps would have kept. So the average forgets as
   * fast, in steps, as when it follows each.
   */
  public void followInPlace(long taken) {
    double kept = 1;
    for (long step = 0; step < taken; step++) {
      steps++;
      kept *= Math.min(momentum, steps / (steps + 9.0));
    }
    weights.stepInPlace(kept);
    statistics.stepInPlace(kept);
  }

  /** The averaged encoder: to be read, not trained. */
  public ConvEncoder encoder() {
    return averaged;
  }

  /** Pooled features by averaged weights and statistics; see {@link ConvEncoder#embed}. */
  public Matrix embed(Matrix pictures, int count, int side) {
    return averaged.embed(pictures, count, side);
  }

  /** Version, steps, the averaged encoder. */
  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeLong(steps);
    averaged.writeTo(out);
  }

  /**
   * Overwrites the state with what {@link #writeTo} wrote.
   *
   * @throws IOException if the version or the shape of the encoder is another one
   */
  public void readInPlace(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "the stored average has version " + version + ", this build reads " + VERSION);
    }
    steps = in.readLong();
    averaged.readInPlace(in);
  }
}
