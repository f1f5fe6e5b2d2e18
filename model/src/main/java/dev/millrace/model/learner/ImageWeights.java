package dev.millrace.model.learner;

import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.optimizer.Parameters;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * All that lanes change of an {@link ImageModel} by training: weights, and the running statistics
 * of its batch normalisation.
 *
 * <p>Weights are merged as {@link WeightBlocks} says. Of statistics the mean is taken, whatever the
 * power: each lane's estimate the same quantities, and a sum of changes could lead beyond all of
 * them, to a variance below 0.
 */
final class ImageWeights {

  private static final double MEAN = 1;

  private final WeightBlocks weights;
  private final WeightBlocks statistics;

  ImageWeights(List<Parameters> trained, Parameters running) {
    weights =
        new WeightBlocks(trained.stream().<Supplier<Matrix>>map(part -> part::values).toList());
    statistics = new WeightBlocks(running.size() == 0 ? List.of() : List.of(running::values));
  }

  /** What a lane came to. */
  record Proposal(List<float[]> weights, List<float[]> statistics) {

    /** Writes a proposal, or that there is none. */
    static void write(DataOutput out, Proposal proposal) throws IOException {
      WeightBlocks.writeTo(out, proposal == null ? null : proposal.weights);
      WeightBlocks.writeTo(out, proposal == null ? null : proposal.statistics);
    }

    /** What {@link #write} wrote; null for none. */
    static Proposal read(DataInput in) throws IOException {
      List<float[]> weights = WeightBlocks.readFrom(in);
      List<float[]> statistics = WeightBlocks.readFrom(in);
      return weights == null ? null : new Proposal(weights, statistics);
    }
  }

  /** A copy of the model's weights and statistics as they are. */
  Proposal read() {
    return new Proposal(weights.read(), statistics.read());
  }

  /**
   * Merges what lanes came to from the model's weights into them.
   *
   * @throws IllegalArgumentException if sizes differ
   */
  void mergeInPlace(List<Proposal> lanes, double power) {
    Proposal base = read();
    WeightBlocks.mergeInPlace(base.weights, lanes.stream().map(Proposal::weights).toList(), power);
    WeightBlocks.mergeInPlace(
        base.statistics, lanes.stream().map(Proposal::statistics).toList(), MEAN);
    weights.write(base.weights);
    statistics.write(base.statistics);
  }
}
