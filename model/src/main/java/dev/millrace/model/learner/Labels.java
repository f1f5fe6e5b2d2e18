package dev.millrace.model.learner;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Small numbers for the words of one batch, in the order in which they come. They hold for one
 * batch and are no state, so that a restored learner numbers as one that never stopped.
 */
final class Labels {

  private final Map<String, Integer> numbers = new HashMap<>();

  /**
   * A class below a bound, the same for a word in every batch; words may share one.
   *
   * @param bound number of classes
   */
  static int hashed(String word, int bound) {
    return Math.floorMod(word.hashCode(), bound);
  }

  /** Begins a batch. */
  void clear() {
    numbers.clear();
  }

  /** Numbers of words; equal words have equal numbers in all calls for one batch. */
  int[] of(List<String> words) {
    return words.stream()
        .mapToInt(word -> numbers.computeIfAbsent(word, unseen -> numbers.size()))
        .toArray();
  }
}
