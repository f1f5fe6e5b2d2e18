package dev.millrace.model.ranker;

import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Adam;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One who trains the {@link Blend}: the examples that wait and those kept for replay, draws, and
 * the optimizer's moments. Several may train one blend in turn.
 */
public final class BlendLearner {

  private final RankerConfig config;
  private final Blend blend;
  private final Adam adam;
  private final SeededRandom random;
  private final List<BlendExample> pending = new ArrayList<>();
  private final List<BlendExample> replay = new ArrayList<>();

  BlendLearner(RankerConfig config, Blend blend, SeededRandom random) {
    this.config = config;
    this.blend = blend;
    this.adam = blend.optimizer();
    this.random = random;
  }

  SeededRandom random() {
    return random;
  }

  void add(BlendExample example) {
    pending.add(example);
  }

  /** Learns while there is a whole mini-batch; whether there was one. */
  boolean learn() {
    boolean learned = false;
    while (pending.size() >= config.batch()) {
      learnBatch();
      learned = true;
    }
    return learned;
  }

  private void learnBatch() {
    List<BlendExample> waiting = pending.subList(0, config.batch());
    List<BlendExample> batch = List.copyOf(waiting);
    waiting.clear();
    blend.step(batch, adam);
    for (int step = 0; step < config.replaySteps() && !replay.isEmpty(); step++) {
      List<BlendExample> drawn = new ArrayList<>(config.batch());
      for (int i = 0; i < config.batch(); i++) {
        drawn.add(replay.get(random.nextInt(replay.size())));
      }
      blend.step(drawn, adam);
    }
    for (BlendExample example : batch) {
      if (replay.size() < config.replayBaskets()) {
        replay.add(example);
      } else {
        replay.set(random.nextInt(replay.size()), example);
      }
    }
  }

  /** Writes the whole state. */
  public void writeTo(DataOutput out) throws IOException {
    adam.writeTo(out);
    for (long word : random.state()) {
      out.writeLong(word);
    }
    write(out, pending);
    write(out, replay);
  }

  /** Reads what {@link #writeTo} wrote; the result continues bit for bit. */
  public void readInPlace(DataInput in) throws IOException {
    adam.readInPlace(in);
    random.restore(new long[] {in.readLong(), in.readLong()});
    read(in, pending);
    read(in, replay);
  }

  private static void write(DataOutput out, List<BlendExample> examples) throws IOException {
    out.writeInt(examples.size());
    for (BlendExample example : examples) {
      example.writeTo(out);
    }
  }

  private static void read(DataInput in, List<BlendExample> examples) throws IOException {
    examples.clear();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      examples.add(BlendExample.readFrom(in));
    }
  }
}
