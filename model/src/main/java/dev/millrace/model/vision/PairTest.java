package dev.millrace.model.vision;

/**
 * A test of pairs: in each condition a reference, and targets at a constant multiple of what humans
 * just see there; an encoder like them scores all conditions of a multiple alike.
 */
interface PairTest {

  /** What is shown in one condition. */
  interface Condition {

    void reference(double[] out);

    /**
     * The reference with a target.
     *
     * @param multiple of the human sensitivity in detection, of the human threshold in masking: a
     *     greater one is weaker in the first and stronger in the second
     */
    void target(double multiple, double[] out);
  }

  VisionTest test();

  int conditions();

  /** Cycles per degree of the target in a condition. */
  double frequency(int index);

  /** Makes what the condition needs; called once for each. */
  Condition condition(int index);
}
