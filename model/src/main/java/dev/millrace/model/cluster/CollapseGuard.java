package dev.millrace.model.cluster;

import dev.millrace.model.kernel.CanonicalState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Judges after each step whether embeddings and prototypes still tell images apart.
 *
 * <p>Watched are running averages: the loss against ln K, which it has when assignment and
 * prediction know nothing of the image; entropy and largest share of the prototypes' usage; the
 * variance of a batch's unit embeddings over all dimensions, {@code sum_j var_j}, which is 1 when
 * they point everywhere and 0 when they are one. A non-finite value is found at once.
 *
 * <p>Caron et al., NeurIPS 2020 (a loss pinned at ln K); Chen and He, Exploring Simple Siamese
 * Representation Learning, CVPR 2021, section 4.1 (deviation of the unit output per dimension).
 */
public final class CollapseGuard implements CanonicalState {

  private static final int VERSION_1 = 1;
  private static final double DECAY = 0.98;

  private final GuardConfig config;

  // state
  private long steps;
  private double loss = Double.NaN;
  private double variance = Double.NaN;

  public CollapseGuard(GuardConfig config) {
    this.config = config;
  }

  /** Another guard that has seen the same. */
  public CollapseGuard copy() {
    CollapseGuard copy = new CollapseGuard(config);
    copy.steps = steps;
    copy.loss = loss;
    copy.variance = variance;
    return copy;
  }

  /**
   * What a step has shown.
   *
   * @param loss of the swapped prediction; NaN where none was made
   * @param pinnable whether the encoder is trained by that loss, so that ln K is failure
   * @param variance of the batch's unit embeddings, summed over dimensions
   * @param finite whether loss and gradients are
   */
  public record Observation(double loss, boolean pinnable, double variance, boolean finite) {}

  /** Takes a step in and judges. */
  public Verdict judgeInPlace(Observation seen, Prototypes prototypes) {
    if (!seen.finite() || !Double.isFinite(seen.variance())) {
      return Verdict.NON_FINITE;
    }
    steps++;
    loss = average(loss, seen.loss());
    variance = average(variance, seen.variance());
    if (steps <= config.graceSteps()) {
      return Verdict.HEALTHY;
    }
    if (variance < config.leastVariance()) {
      return Verdict.EMBEDDINGS_COLLAPSED;
    }
    if (prototypes.usageEntropy() < config.leastUsage() * prototypes.logCount()) {
      return Verdict.PROTOTYPES_UNUSED;
    }
    if (prototypes.largestShare() > config.largestShare()) {
      return Verdict.ONE_PROTOTYPE;
    }
    if (seen.pinnable() && loss > config.largestLoss() * prototypes.logCount()) {
      return Verdict.LOSS_PINNED;
    }
    return Verdict.HEALTHY;
  }

  private static double average(double running, double value) {
    if (Double.isNaN(value)) {
      return running;
    }
    return Double.isNaN(running) ? value : DECAY * running + (1 - DECAY) * value;
  }

  /** Begins anew, with the grace of the start: the model was rolled back. */
  public void resetInPlace() {
    steps = 0;
    loss = Double.NaN;
    variance = Double.NaN;
  }

  /** Running loss of the swapped prediction; NaN before the first. */
  public double loss() {
    return loss;
  }

  /** Running variance of unit embeddings; NaN before the first step. */
  public double variance() {
    return variance;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeLong(steps);
    out.writeDouble(loss);
    out.writeDouble(variance);
  }

  /** Takes over what {@link #writeTo} wrote. */
  public void readInPlace(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("a collapse guard of version " + version + "; this build reads 1");
    }
    steps = in.readLong();
    loss = in.readDouble();
    variance = in.readDouble();
  }
}
