package dev.millrace.model.sequential;

/** Ends training when the validation figure has not risen for a number of passes. */
final class EarlyStopping {

  private final int patience;
  private double best = Double.NEGATIVE_INFINITY;
  private int bestPass;
  private int pass;

  /**
   * @param patience passes without a better figure after which training ends, at least 1
   */
  EarlyStopping(int patience) {
    if (patience < 1) {
      throw new IllegalArgumentException("patience is at least 1, was " + patience);
    }
    this.patience = patience;
  }

  /** Takes the figure of the next pass and says whether it is the best so far. */
  boolean isBest(double figure) {
    pass++;
    if (figure > best) {
      best = figure;
      bestPass = pass;
      return true;
    }
    return false;
  }

  boolean isOver() {
    return pass - bestPass >= patience;
  }

  /** The pass with the best figure, from 1; 0 before the first. */
  int bestPass() {
    return bestPass;
  }

  double best() {
    return best;
  }
}
