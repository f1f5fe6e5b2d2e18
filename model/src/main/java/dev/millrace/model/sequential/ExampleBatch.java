package dev.millrace.model.sequential;

/**
 * A mini-batch of training examples: histories and what came next.
 *
 * @param examples number of each example in the split
 * @param histories items, oldest first, at least one each; not to be changed
 * @param targets the item that came next
 */
record ExampleBatch(int[] examples, int[][] histories, int[] targets) {

  static ExampleBatch of(LeaveOneOut split, int[] examples, int from, int to) {
    int[] numbers = java.util.Arrays.copyOfRange(examples, from, to);
    int[][] histories = new int[numbers.length][];
    int[] targets = new int[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      histories[i] = split.exampleHistory(numbers[i]);
      targets[i] = split.exampleTarget(numbers[i]);
    }
    return new ExampleBatch(numbers, histories, targets);
  }

  int size() {
    return targets.length;
  }
}
