package dev.millrace.model.cluster;

import java.io.Serializable;

/**
 * Where a {@link CollapseGuard} draws its lines.
 *
 * @param graceSteps steps after the start, and after a roll-back, in which only non-finite values
 *     count
 * @param leastVariance least variance of a batch's unit embeddings, summed over dimensions; 1 is
 *     spread over the whole sphere
 * @param leastUsage least entropy of the usage as a share of ln K
 * @param largestShare largest usage of a prototype
 * @param largestLoss largest running loss as a share of ln K, where the loss predicts prototypes
 */
public record GuardConfig(
    int graceSteps,
    double leastVariance,
    double leastUsage,
    double largestShare,
    double largestLoss)
    implements Serializable {

  public static final GuardConfig STANDARD = new GuardConfig(300, 0.02, 0.3, 0.6, 0.995);

  public GuardConfig {
    if (graceSteps < 0) {
      throw new IllegalArgumentException("graceSteps is at least 0, was " + graceSteps);
    }
    if (!(leastVariance >= 0) || !(leastUsage >= 0) || !(largestShare > 0) || !(largestLoss > 0)) {
      throw new IllegalArgumentException(
          "leastVariance and leastUsage are at least 0, largestShare and largestLoss above 0");
    }
  }
}
