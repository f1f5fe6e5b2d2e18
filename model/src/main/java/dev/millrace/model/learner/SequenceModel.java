package dev.millrace.model.learner;

import dev.millrace.model.kernel.AdamStep;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.memory.EmbeddingTable;
import dev.millrace.model.objective.TargetSetSoftmax;
import dev.millrace.model.optimizer.Adam;
import dev.millrace.model.optimizer.AdamConfig;
import dev.millrace.model.optimizer.Parameters;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequence model: two towers over one table of items that serves as input and output.
 *
 * <pre>
 *   u = pooled(history) + Transformer(history) W
 *   score_i = &lt;u, e_i&gt; + b_i + beta log q_i
 * </pre>
 *
 * <p>{@code q} is the decayed popularity ({@link PopularityPrior}), {@code beta} is learned.
 */
final class SequenceModel {

  private static final int VERSION_1 = 1;

  // configuration
  private final Kernels kernels;
  private final SequenceLearnerConfig config;
  private final ItemRows items;

  // runtime
  private final PooledTower pooled;
  private final SequenceTower sequence;
  private final Parameters prior;
  private final List<Part> parts = new ArrayList<>();
  private final TargetSetSoftmax softmax;
  private final QueryBatch batch;
  private final RowBuffer users;
  private final RowBuffer baseRows;
  private final RowBuffer gradientItems;
  private Matrix logitStorage;
  private double[] base = new double[256];
  private double[] logPrior = new double[256];
  private double[] biases = new double[256];
  private double[] corrections = new double[256];
  private double[] gradientBase = new double[256];
  private final double[] beta = new double[1];

  /** Whose turn it is to train. */
  private SequenceMoments moments;

  /** Parameters with their learning rate. */
  private record Part(Parameters parameters, double rate) {}

  /**
   * @param ofObjective weights of a contrastive objective, null where it has none
   */
  SequenceModel(
      Kernels kernels, SequenceLearnerConfig config, ItemRows items, Parameters ofObjective) {
    this.kernels = kernels;
    this.config = config;
    this.items = items;
    int width = config.model().width();
    SeededRandom random = new SeededRandom(SeededRandom.mix(config.seed() ^ 0x5e9L));
    pooled = new PooledTower(kernels, config);
    sequence = new SequenceTower(kernels, config, random);
    prior = Parameters.of(kernels).ones("beta", 1, 1).build(random);
    double rate = config.training().rate();
    double encoderRate = config.training().encoderRate();
    add(pooled.parameters(), rate);
    add(prior, rate);
    add(sequence.parameters(), encoderRate);
    add(sequence.encoderParameters(), encoderRate);
    if (ofObjective != null) {
      add(ofObjective, encoderRate);
    }
    moments = moments(0);
    softmax = new TargetSetSoftmax(kernels, width);
    batch = new QueryBatch(config, items);
    users = new RowBuffer(kernels, width);
    baseRows = new RowBuffer(kernels, 1);
    gradientItems = new RowBuffer(kernels, width);
  }

  private void add(Parameters parameters, double rate) {
    parts.add(new Part(parameters, rate));
  }

  SequenceTower sequence() {
    return sequence;
  }

  /** Optimisation steps taken by the one whose turn it is. */
  long steps() {
    return moments.steps();
  }

  /**
   * Moments that know nothing yet, for one more who trains this model.
   *
   * @param set which of the item table's sets of moments are its own
   */
  SequenceMoments moments(int set) {
    return new SequenceMoments(
        parts.stream().map(p -> new Adam(kernels, p.parameters(), AdamConfig.STANDARD)).toList(),
        items.table(),
        set);
  }

  /** Lets one train from now on. */
  void use(SequenceMoments next) {
    moments = next;
    items.table().selectMoments(next.set());
  }

  /** All dense parameters, in a fixed order. */
  List<Parameters> denseParameters() {
    return parts.stream().map(Part::parameters).toList();
  }

  /**
   * Users and scores; both are overwritten by the next call.
   *
   * @param users {@code Q x d}
   * @param scores {@code Q x N} by row of the table, minus infinity where no item is
   */
  record Scores(Matrix users, Matrix scores) {}

  /** Scores all items for users of these histories, without dropout. */
  Scores score(List<int[]> histories, List<int[]> ages, PopularityPrior popularity) {
    batch.fillForScoring(histories, ages);
    Matrix u = users(false, 0);
    EmbeddingTable table = items.table();
    Matrix logits = logits(u.rows(), table.bound());
    kernels.multiplyByTransposed(u, table.vectors().value(), 1, 0, logits);
    kernels.addRowInPlace(logits, base(popularity));
    return new Scores(u, logits);
  }

  private Matrix users(boolean training, long seed) {
    EmbeddingTable table = items.table();
    Matrix u = users.rows(batch.queries);
    pooled.forward(batch, table.vectors(), training, SeededRandom.mix(seed + 1), u);
    sequence.encode(batch, table.vectors(), training, SeededRandom.mix(seed + 2));
    sequence.addTo(u);
    return u;
  }

  private Matrix logits(int queries, int rows) {
    long size = (long) queries * rows;
    if (logitStorage == null || logitStorage.size() < size) {
      logitStorage = kernels.allocate(1, Math.toIntExact(size + size / 4));
    }
    return logitStorage.window(0, queries, rows);
  }

  /** The part of the scores that no user decides, {@code 1 x N}. */
  private Matrix base(PopularityPrior popularity) {
    EmbeddingTable table = items.table();
    int rows = table.bound();
    if (base.length < rows) {
      base = new double[2 * rows];
      logPrior = new double[2 * rows];
      biases = new double[2 * rows];
      gradientBase = new double[2 * rows];
    }
    kernels.read(prior.value("beta"), beta);
    table.biases().value().copyTo(biases, 0);
    for (int row = 0; row < rows; row++) {
      int item = items.itemAt(row);
      logPrior[row] = item == ItemRows.ABSENT ? 0 : popularity.logShare(item);
      base[row] =
          item == ItemRows.ABSENT
              ? Double.NEGATIVE_INFINITY
              : biases[row] + beta[0] * logPrior[row];
    }
    Matrix column = baseRows.rows(rows);
    kernels.write(base, column);
    return column.reshaped(1, rows);
  }

  /**
   * What a batch teaches; the dense parameters' gradients are in the parameters.
   *
   * @param loss sum over the queries of weight times loss, and the contrastive term
   * @param meanLoss the same over the sum of the weights
   * @param items {@code N x d}, overwritten by the next call
   * @param biases {@code N x 1}, overwritten by the next call
   */
  record Gradients(double loss, double meanLoss, Matrix items, Matrix biases) {}

  /**
   * One step: predicts each basket, and each rest of a basket from a part, by the full softmax over
   * all items; then Adam on everything.
   *
   * @param contrast a further loss on views of the histories, or null
   * @return mean loss over the queries' weights, NaN if the examples held nothing to predict
   */
  double step(
      List<BasketExample> examples,
      PopularityPrior popularity,
      SeededRandom random,
      ContrastiveTerm contrast) {
    Gradients gradients = gradients(examples, popularity, random, contrast);
    if (gradients == null) {
      return Double.NaN;
    }
    requireFinite(gradients.loss());
    optimise(gradients.items(), gradients.biases());
    return gradients.meanLoss();
  }

  /** The gradients of a step without the step; null if the examples held nothing to predict. */
  Gradients gradients(
      List<BasketExample> examples,
      PopularityPrior popularity,
      SeededRandom random,
      ContrastiveTerm contrast) {
    long seed = random.nextLong();
    batch.fillForTraining(examples, random, popularity);
    if (batch.queries == 0) {
      return null;
    }
    parts.forEach(part -> part.parameters().zeroGradientsInPlace());
    EmbeddingTable table = items.table();
    Matrix ofItems = gradientItems.rows(table.bound());
    kernels.fillInPlace(ofItems, 0);

    Matrix u = users(true, seed);
    Matrix baseRow = base(popularity);
    scaleCorrections();
    TargetSetSoftmax.Result result =
        softmax.evaluate(u, table.vectors().value(), baseRow, batch.targets, ofItems);
    addGradientOfBeta(result);
    pooled.backward(batch, result.gradientH(), ofItems);
    sequence.backward(batch, result.gradientH(), ofItems);
    double mean = result.loss() / weightSum();
    double term = 0;
    if (contrast != null) {
      term =
          contrast.addGradients(examples, sequence, table.vectors(), random, steps() + 1, ofItems);
    }
    return new Gradients(result.loss() + term, mean + term, ofItems, result.gradientBase());
  }

  private void optimise(Matrix ofItems, Matrix ofBase) {
    moments.count();
    for (int i = 0; i < parts.size(); i++) {
      moments.adam(i).stepInPlace(parts.get(i).rate());
    }
    EmbeddingTable table = items.table();
    AdamConfig constants = AdamConfig.STANDARD;
    AdamStep step =
        new AdamStep(
            config.training().rate(),
            constants.beta1(),
            constants.beta2(),
            constants.epsilon(),
            0,
            steps());
    kernels.fillInPlace(ofItems.rows(0, 1), 0);
    table.vectors().adamInPlace(ofItems, step);
    table.biases().adamInPlace(ofBase, step);
  }

  private void scaleCorrections() {
    int count = batch.targets.targetCount();
    if (corrections.length < count) {
      corrections = new double[2 * count];
    }
    System.arraycopy(batch.targets.corrections(), 0, corrections, 0, count);
    for (int i = 0; i < count; i++) {
      batch.targets.corrections()[i] *= beta[0];
    }
  }

  private void addGradientOfBeta(TargetSetSoftmax.Result result) {
    kernels.read(result.gradientBase(), gradientBase);
    double gradient = 0;
    for (int row = 0; row < result.gradientBase().rows(); row++) {
      gradient += gradientBase[row] * logPrior[row];
    }
    for (int i = 0; i < batch.targets.targetCount(); i++) {
      gradient += result.gradientCorrection()[i] * corrections[i];
    }
    kernels.addScalarInPlace(prior.gradient("beta"), gradient);
  }

  private double weightSum() {
    double sum = 0;
    for (int q = 0; q < batch.queries; q++) {
      sum += batch.targets.weights()[q];
    }
    return sum;
  }

  private void requireFinite(double loss) {
    if (Double.isNaN(loss) || Double.isInfinite(loss)) {
      throw new IllegalStateException(
          "the loss is "
              + loss
              + " at step "
              + (steps() + 1)
              + ": lower the learning rates or raise the temperature");
    }
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeLong(steps());
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).parameters().writeTo(out);
      moments.adam(i).writeTo(out);
    }
  }

  /** Writes what all have in common who train it: the weights. */
  void writeSharedTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    for (Part part : parts) {
      part.parameters().writeTo(out);
    }
  }

  void readFrom(DataInput in) throws IOException {
    requireVersion(in);
    moments.steps(in.readLong());
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).parameters().readInPlace(in);
      moments.adam(i).readInPlace(in);
    }
  }

  /** Reads what {@link #writeSharedTo} wrote. */
  void readSharedFrom(DataInput in) throws IOException {
    requireVersion(in);
    for (Part part : parts) {
      part.parameters().readInPlace(in);
    }
  }

  private static void requireVersion(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("a sequence model of version " + version + "; this build reads 1");
    }
  }
}
