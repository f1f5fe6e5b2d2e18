package dev.millrace.model.sequential;

import dev.millrace.model.kernel.SeededRandom;

/**
 * The history itself, which dropout makes another one, and the history of another example that was
 * followed by the same item; itself where there is none.
 *
 * <p>Qiu et al., Contrastive learning for representation degeneration problem in sequential
 * recommendation (DuoRec), WSDM 2022, section 3.3.
 */
final class SameTarget implements ViewPairs {

  private final LeaveOneOut split;
  private final int[] starts;
  private final int[] examples;

  SameTarget(LeaveOneOut split) {
    this.split = split;
    starts = new int[split.data().items() + 2];
    for (int e = 0; e < split.examples(); e++) {
      starts[split.exampleTarget(e) + 1]++;
    }
    for (int item = 1; item < starts.length; item++) {
      starts[item] += starts[item - 1];
    }
    int[] next = starts.clone();
    examples = new int[split.examples()];
    for (int e = 0; e < examples.length; e++) {
      examples[next[split.exampleTarget(e)]++] = e;
    }
  }

  @Override
  public void draw(ExampleBatch batch, SeededRandom random, int[][] first, int[][] second) {
    for (int i = 0; i < batch.size(); i++) {
      first[i] = batch.histories()[i];
      second[i] = split.exampleHistory(other(batch.examples()[i], batch.targets()[i], random));
    }
  }

  /** Another example of the target, uniform among them. */
  private int other(int example, int target, SeededRandom random) {
    int count = starts[target + 1] - starts[target];
    if (count < 2) {
      return example;
    }
    int drawn = examples[starts[target] + random.nextInt(count - 1)];
    // The last one stands in for the example itself.
    return drawn == example ? examples[starts[target + 1] - 1] : drawn;
  }
}
