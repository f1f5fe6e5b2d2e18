package dev.millrace.connectors.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** In which order images are replayed; a function of their paths, their labels and a seed. */
public enum ImageOrder {
  /** Every order as likely as every other. */
  SHUFFLED,
  /** By path, so one class after the other when classes are folders. */
  SORTED,
  /**
   * Class after class, each overlapping with the next: image {@code i} of class {@code c} stands at
   * {@code c + 1.5 u}, {@code u} uniform in [0, 1).
   */
  DRIFTING;

  private static final double CLASS_LENGTH = 1.5;

  /**
   * The order.
   *
   * @param labels labels of the images in the order of their paths
   * @return indices of the images, a permutation
   */
  List<Integer> of(List<String> labels, long seed) {
    // The generator is the one whose numbers the Java specification fixes.
    Random random = new Random(seed);
    List<Integer> order = new ArrayList<>(IntStream.range(0, labels.size()).boxed().toList());
    switch (this) {
      case SHUFFLED -> {
        for (int i = order.size() - 1; i > 0; i--) {
          order.set(i, order.set(random.nextInt(i + 1), order.get(i)));
        }
      }
      case SORTED -> {}
      case DRIFTING -> {
        List<String> classes = List.copyOf(new TreeSet<>(labels));
        double[] places =
            labels.stream()
                .mapToDouble(label -> classes.indexOf(label) + CLASS_LENGTH * random.nextDouble())
                .toArray();
        order.sort(Comparator.comparingDouble(i -> places[i]));
      }
    }
    return order;
  }
}
