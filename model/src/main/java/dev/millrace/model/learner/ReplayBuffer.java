package dev.millrace.model.learner;

import dev.millrace.model.kernel.SeededRandom;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Recent baskets; once full, a new one takes the place of a random one, so it stays recent. */
final class ReplayBuffer {

  private final int capacity;
  private final List<BasketExample> examples = new ArrayList<>();

  ReplayBuffer(int capacity) {
    this.capacity = capacity;
  }

  boolean isEmpty() {
    return examples.isEmpty();
  }

  void add(BasketExample example, SeededRandom random) {
    if (examples.size() < capacity) {
      examples.add(example);
    } else {
      examples.set(random.nextInt(capacity), example);
    }
  }

  /** What is kept, not to be changed. */
  List<BasketExample> examples() {
    return examples;
  }

  BasketExample draw(SeededRandom random) {
    return examples.get(random.nextInt(examples.size()));
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(examples.size());
    for (BasketExample example : examples) {
      example.writeTo(out);
    }
  }

  void readFrom(DataInput in) throws IOException {
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      examples.add(BasketExample.readFrom(in));
    }
  }
}
