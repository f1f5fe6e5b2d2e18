package dev.millrace.model.optimizer;

/**
 * The learning rate as a function of the step alone, so that a restored learner goes on where it
 * was.
 */
public interface LearningRate {

  /**
   * @param step number of the step, from 1
   * @return the rate of that step, at least 0
   */
  double at(long step);

  /** The same rate at every step. */
  static LearningRate constant(double rate) {
    requireRate(rate);
    return step -> rate;
  }

  /** A straight line from {@code rate / steps} at step 1 to the rate, which then stays. */
  static LearningRate warmUp(double rate, long steps) {
    requireRate(rate);
    requireSteps(steps);
    return step -> step >= steps ? rate : rate * step / steps;
  }

  /**
   * A warm-up, then {@code rate sqrt(warmUpSteps / step)}: for streams without an end.
   *
   * @param rate highest rate, reached at step {@code warmUpSteps}
   * @param warmUpSteps length of the straight line at the start, at least 1
   */
  static LearningRate inverseRoot(double rate, long warmUpSteps) {
    requireRate(rate);
    requireSteps(warmUpSteps);
    return step ->
        step <= warmUpSteps
            ? rate * step / warmUpSteps
            : rate * Math.sqrt((double) warmUpSteps / step);
  }

  /**
   * A warm-up, then half a cosine from the rate down to the last rate, which then stays.
   *
   * @param rate highest rate, reached at step {@code warmUpSteps}
   * @param lastRate rate from step {@code steps} on
   * @param warmUpSteps length of the straight line at the start, 0 for none
   * @param steps step at which the last rate is reached, above {@code warmUpSteps}
   */
  static LearningRate cosine(double rate, double lastRate, long warmUpSteps, long steps) {
    requireRate(rate);
    requireRate(lastRate);
    if (warmUpSteps < 0 || steps <= warmUpSteps) {
      throw new IllegalArgumentException(
          "a cosine needs more steps than its warm-up, were " + steps + " and " + warmUpSteps);
    }
    return step -> {
      if (step < warmUpSteps) {
        return rate * step / warmUpSteps;
      }
      double passed = Math.min(1, (double) (step - warmUpSteps) / (steps - warmUpSteps));
      return lastRate + (rate - lastRate) * (1 + StrictMath.cos(Math.PI * passed)) / 2;
    };
  }

  private static void requireRate(double rate) {
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException("a learning rate is finite and at least 0, was " + rate);
    }
  }

  private static void requireSteps(long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("a warm-up takes at least 1 step, was " + steps);
    }
  }
}
