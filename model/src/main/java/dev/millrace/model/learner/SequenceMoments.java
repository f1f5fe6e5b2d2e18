package dev.millrace.model.learner;

import dev.millrace.model.memory.EmbeddingTable;
import dev.millrace.model.optimizer.Adam;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** What Adam keeps for one who trains a {@link SequenceModel}: moments, and steps taken. */
final class SequenceMoments {

  private final List<Adam> adams;
  private final EmbeddingTable table;
  private final int set;
  private long steps;

  /**
   * @param adams one for each part of the dense parameters
   * @param table whose rows are trained too
   * @param set which of the table's sets of moments are its own
   */
  SequenceMoments(List<Adam> adams, EmbeddingTable table, int set) {
    this.adams = adams;
    this.table = table;
    this.set = set;
  }

  Adam adam(int part) {
    return adams.get(part);
  }

  int set() {
    return set;
  }

  long steps() {
    return steps;
  }

  void steps(long taken) {
    steps = taken;
  }

  /** One more step. */
  void count() {
    steps++;
  }

  /** Writes everything, the moments of the table's rows included. */
  void writeTo(DataOutput out) throws IOException {
    out.writeLong(steps);
    for (Adam adam : adams) {
      adam.writeTo(out);
    }
    table.selectMoments(set);
    table.writeMomentsTo(out);
  }

  /** Reads what {@link #writeTo} wrote when the table had the same rows. */
  void readInPlace(DataInput in) throws IOException {
    steps = in.readLong();
    for (Adam adam : adams) {
      adam.readInPlace(in);
    }
    table.selectMoments(set);
    table.readMomentsInPlace(in);
  }
}
