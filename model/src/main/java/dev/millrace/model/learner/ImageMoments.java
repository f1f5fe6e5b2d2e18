package dev.millrace.model.learner;

import dev.millrace.model.augment.ImageViews;
import dev.millrace.model.cluster.FeatureQueue;
import dev.millrace.model.cluster.Prototypes;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.optimizer.Parameters;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * What training an {@link ImageModel} has for itself beside the weights: moments of the optimizers,
 * the queue of embeddings and the bank of negatives. Several may take turns on one model.
 */
final class ImageMoments implements CanonicalState {

  // configuration
  private final Kernels kernels;
  private final ImageLearnerConfig config;
  private final ObjectiveFeed feed;
  private final ObjectiveWeights weights;
  private final Prototypes prototypes;
  private final long stream;

  // state
  private final List<Trained> trained;

  /** Null without one. */
  private final FeatureQueue queue;

  /** Null where the objective takes none. */
  private NegativeBank bank;

  // runtime
  private final ClusterInputs inputs;
  private ObjectiveCall objective;
  private final ObjectiveCall assignment;

  ImageMoments(
      Kernels kernels,
      ImageLearnerConfig config,
      List<Parameters> parameters,
      Prototypes prototypes,
      ObjectiveWeights weights,
      long stream) {
    this.kernels = kernels;
    this.config = config;
    this.feed = config.feed();
    this.weights = weights;
    this.prototypes = prototypes;
    this.stream = stream;
    trained =
        parameters.stream().map(part -> Trained.of(kernels, part, config.training())).toList();
    int queued = config.clusters().queue();
    int width = config.model().encoder().head().width();
    queue = queued == 0 ? null : new FeatureQueue(kernels, 2, queued, width);
    inputs = new ClusterInputs(kernels, prototypes, queue, 2);
    bank =
        feed.takes(ObjectiveFeed.Source.BANK)
            ? new NegativeBank(config.bank(), config.training().bankEnough(), kernels)
            : null;
    objective = new ObjectiveCall(kernels, feed, weights, bank, inputs);
    assignment = feed.objective() == Objectives.SWAV ? null : assign();
  }

  /** Swapped prediction of two views, whatever the objective. */
  private ObjectiveCall assign() {
    ObjectiveFeed assignments =
        ObjectiveFeed.of(
            FeedStream.images(config.training(), config.clusters().count()),
            Objectives.SWAV,
            config.clusters().parametersOf(Objectives.SWAV, 2));
    return new ObjectiveCall(kernels, assignments, weights, null, inputs);
  }

  ObjectiveCall objective() {
    return objective;
  }

  /** Null where the objective trains the prototypes itself. */
  ObjectiveCall assignment() {
    return assignment;
  }

  NegativeBank bank() {
    return bank;
  }

  /** Seed of the views of an image in a step. */
  long seed(String id, long step) {
    return ImageViews.seed(id, stream + step);
  }

  /** Whether the queue balances the next assignments. */
  void decideQueue(double runningLoss) {
    inputs.decideQueue(runningLoss);
  }

  /** One step of all optimizers; frozen prototypes stay. */
  void stepInPlace(double rate) {
    for (Trained part : trained) {
      if (part.parameters() != prototypes.parameters() || !prototypes.isFrozen()) {
        part.optimizer().stepInPlace(rate);
      }
    }
  }

  /**
   * Keeps embeddings of a step for those that follow.
   *
   * @param unit unit rows of both views
   * @param second projections of the second view
   */
  void keepInPlace(Matrix unit, Matrix second, List<ImageRow> rows, long step) {
    if (queue != null) {
      queue.addInPlace(unit, rows.size());
    }
    if (bank != null) {
      bank.enqueue(second, rows, step);
    }
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    for (Trained part : trained) {
      part.optimizer().writeTo(out);
    }
    if (queue != null) {
      queue.writeTo(out);
    }
    if (bank != null) {
      bank.writeTo(out);
    }
  }

  /** Takes over what {@link #writeTo} wrote. */
  void readInPlace(DataInput in) throws IOException {
    for (Trained part : trained) {
      part.optimizer().readInPlace(in);
    }
    if (queue != null) {
      queue.readInPlace(in);
    }
    if (bank != null) {
      bank = NegativeBank.readFrom(in, config.training().bankEnough(), kernels);
      objective = new ObjectiveCall(kernels, feed, weights, bank, inputs);
    }
  }
}
