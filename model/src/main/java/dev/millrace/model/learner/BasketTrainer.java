package dev.millrace.model.learner;

import dev.millrace.model.kernel.SeededRandom;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Trains a sequence model: baskets that wait to be learned, those kept for replay, and draws. */
final class BasketTrainer {

  private final SequenceLearnerConfig.Training config;
  private final SeededRandom random;
  private final ReplayBuffer replay;
  private final List<BasketExample> pending = new ArrayList<>();

  /** Told the mean loss of each step, NaN if it had nothing to predict. */
  interface Losses {

    /**
     * @param fresh whether the mini-batch was new, not replayed
     */
    void note(double loss, boolean fresh);
  }

  BasketTrainer(SequenceLearnerConfig.Training config, long seed) {
    this.config = config;
    this.random = new SeededRandom(seed);
    this.replay = new ReplayBuffer(config.replayBaskets());
  }

  SeededRandom random() {
    return random;
  }

  /** Recent baskets. */
  ReplayBuffer replay() {
    return replay;
  }

  void add(Collection<BasketExample> examples) {
    pending.addAll(examples);
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  /** Whether a whole mini-batch waits. */
  boolean isDue() {
    return pending.size() >= config.batchBaskets();
  }

  /** One mini-batch of what waits, then mini-batches of replayed baskets; the new one. */
  List<BasketExample> learn(
      SequenceModel model, PopularityPrior popularity, ContrastiveTerm contrast, Losses losses) {
    // Baskets of one time are one step, unless they are many: memory has a bound.
    int size = config.batchBaskets();
    boolean all = pending.size() / 2 < size;
    List<BasketExample> waiting = all ? pending : pending.subList(0, size);
    List<BasketExample> batch = List.copyOf(waiting);
    waiting.clear();
    losses.note(model.step(batch, popularity, random, contrast), true);
    for (int step = 0; step < config.replaySteps() && !replay.isEmpty(); step++) {
      List<BasketExample> replayed = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        replayed.add(replay.draw(random));
      }
      losses.note(model.step(replayed, popularity, random, contrast), false);
    }
    batch.forEach(example -> replay.add(example, random));
    return batch;
  }

  void writeRandomTo(DataOutput out) throws IOException {
    for (long word : random.state()) {
      out.writeLong(word);
    }
  }

  void readRandomInPlace(DataInput in) throws IOException {
    random.restore(new long[] {in.readLong(), in.readLong()});
  }

  void writeBasketsTo(DataOutput out) throws IOException {
    replay.writeTo(out);
    out.writeInt(pending.size());
    for (BasketExample example : pending) {
      example.writeTo(out);
    }
  }

  void readBasketsInPlace(DataInput in) throws IOException {
    replay.readFrom(in);
    int waiting = in.readInt();
    for (int i = 0; i < waiting; i++) {
      pending.add(BasketExample.readFrom(in));
    }
  }
}
