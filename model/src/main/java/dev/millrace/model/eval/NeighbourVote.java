package dev.millrace.model.eval;

import java.util.Arrays;

/** Lets the most similar ones vote for a class; see {@link NeighbourClassifier}. */
final class NeighbourVote {

  private final TopK nearest;
  private final double temperature;
  private double[] votes = new double[16];

  NeighbourVote(int neighbours, double temperature) {
    if (neighbours < 1 || !(temperature > 0)) {
      throw new IllegalArgumentException(
          "at least 1 neighbour and a temperature above 0, were "
              + neighbours
              + " and "
              + temperature);
    }
    this.nearest = new TopK(neighbours);
    this.temperature = temperature;
  }

  /**
   * The class with most votes among the first {@code count} candidates, which is at least 1; minus
   * infinity stands for no candidate.
   */
  int winner(float[] cosines, int[] classes, int count) {
    nearest.select(cosines, count);
    Arrays.fill(votes, 0);
    int winner = -1;
    for (int rank = 0; rank < nearest.size(); rank++) {
      int candidate = classes[nearest.item(rank)];
      if (candidate < 0) {
        throw new IllegalArgumentException(
            "row " + nearest.item(rank) + " has the class " + candidate + "; classes begin at 0");
      }
      if (candidate >= votes.length) {
        votes = Arrays.copyOf(votes, Math.max(candidate + 1, 2 * votes.length));
      }
      // Beside the nearest one, so that no temperature overflows.
      votes[candidate] += StrictMath.exp((nearest.score(rank) - nearest.score(0)) / temperature);
    }
    for (int c = 0; c < votes.length; c++) {
      if (votes[c] > 0 && (winner < 0 || votes[c] > votes[winner])) {
        winner = c;
      }
    }
    return winner;
  }
}
