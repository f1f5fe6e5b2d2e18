package dev.millrace.model.learner;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a learner tells a metric system at any moment.
 *
 * @param events events observed
 * @param steps optimisation steps taken
 * @param modelVersion version of the model, raised by every mini-batch
 * @param loss exponentially averaged training loss; NaN before the first step
 * @param bankSize entries in the memory bank
 * @param bankAge mean age of the bank's entries in steps
 * @param tableRows rows in the item table
 * @param evictions rows evicted or expired so far
 * @param nativeBytes native memory held by matrices
 * @param figures further ones by name, those of one kind of learner
 */
public record LearnerGauges(
    long events,
    long steps,
    long modelVersion,
    double loss,
    long bankSize,
    double bankAge,
    long tableRows,
    long evictions,
    long nativeBytes,
    Map<String, Double> figures) {

  public LearnerGauges {
    figures = Collections.unmodifiableMap(new TreeMap<>(figures));
  }

  /** Gauges without further figures. */
  public LearnerGauges(
      long events,
      long steps,
      long modelVersion,
      double loss,
      long bankSize,
      double bankAge,
      long tableRows,
      long evictions,
      long nativeBytes) {
    this(
        events,
        steps,
        modelVersion,
        loss,
        bankSize,
        bankAge,
        tableRows,
        evictions,
        nativeBytes,
        Map.of());
  }

  /**
   * Sums over two learners; losses and ages are means weighted by steps and by entries, further
   * figures means weighted by steps.
   */
  public LearnerGauges plus(LearnerGauges other) {
    return new LearnerGauges(
        events + other.events,
        steps + other.steps,
        Math.max(modelVersion, other.modelVersion),
        mean(loss, steps, other.loss, other.steps),
        bankSize + other.bankSize,
        mean(bankAge, bankSize, other.bankAge, other.bankSize),
        tableRows + other.tableRows,
        evictions + other.evictions,
        nativeBytes + other.nativeBytes,
        meanFigures(other));
  }

  private Map<String, Double> meanFigures(LearnerGauges other) {
    Map<String, Double> means = new TreeMap<>(figures);
    other.figures.forEach(
        (name, value) ->
            means.merge(name, value, (own, theirs) -> mean(own, steps, theirs, other.steps)));
    return means;
  }

  private static double mean(double a, long weightA, double b, long weightB) {
    if (weightA == 0 || weightB == 0) {
      return weightA == 0 ? b : a;
    }
    return (a * weightA + b * weightB) / (weightA + weightB);
  }
}
