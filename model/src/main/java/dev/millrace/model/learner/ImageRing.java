package dev.millrace.model.learner;

import dev.millrace.model.kernel.SeededRandom;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** The latest images, in the order of their arrival. */
final class ImageRing {

  private final int capacity;
  private final ArrayDeque<ImageExample> examples = new ArrayDeque<>();

  ImageRing(int capacity) {
    this.capacity = capacity;
  }

  int size() {
    return examples.size();
  }

  /** All of them, the oldest first. */
  List<ImageExample> examples() {
    return List.copyOf(examples);
  }

  /** The latest ones, the oldest of them first. */
  List<ImageExample> latest(int count) {
    return examples().subList(Math.max(0, examples.size() - count), examples.size());
  }

  /** Adds images; the oldest make room. */
  void addAll(Collection<ImageExample> arrivals) {
    for (ImageExample arrival : arrivals) {
      if (examples.size() == capacity) {
        examples.removeFirst();
      }
      examples.addLast(arrival);
    }
  }

  void removeIf(Predicate<ImageExample> condition) {
    examples.removeIf(condition);
  }

  void removeAll(Collection<ImageExample> some) {
    examples.removeIf(example -> some.stream().anyMatch(other -> other == example));
  }

  /**
   * Different images of the ring and of others, at random.
   *
   * @param count how many; fewer if there are fewer
   */
  List<ImageExample> draw(List<ImageExample> others, int count, SeededRandom random) {
    List<ImageExample> all = new ArrayList<>(examples);
    all.addAll(others);
    int drawn = Math.min(count, all.size());
    for (int i = 0; i < drawn; i++) {
      int other = i + random.nextInt(all.size() - i);
      ImageExample example = all.get(other);
      all.set(other, all.get(i));
      all.set(i, example);
    }
    return all.subList(0, drawn);
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(examples.size());
    for (ImageExample example : examples) {
      example.writeTo(out);
    }
  }

  void readFrom(DataInput in) throws IOException {
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      examples.addLast(ImageExample.readFrom(in));
    }
  }

  /** Writes where in Kafka the images stand, which is no part of what is learned. */
  void writePositions(DataOutput out) throws IOException {
    for (ImageExample example : examples) {
      example.writePosition(out);
    }
  }

  void readPositions(DataInput in) throws IOException {
    for (int i = examples.size(); i > 0; i--) {
      examples.addLast(examples.removeFirst().withPosition(in));
    }
  }
}
