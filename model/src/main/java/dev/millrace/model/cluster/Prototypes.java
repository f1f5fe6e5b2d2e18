package dev.millrace.model.cluster;

import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Parameters;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Unit vectors that embeddings are assigned to, trained with the encoder.
 *
 * <p>In each step: {@link #normaliseInPlace}, then the loss on these rows, then an optimizer's step
 * on {@link #parameters} unless they {@link #isFrozen are frozen}, then {@link #observeInPlace}.
 *
 * <pre>
 *   u_k = decay u_k + (1 - decay) share of the batch whose nearest prototype is k
 *   r_k = (1 - rho) / K + rho u_k
 * </pre>
 *
 * <p>Usage counts the nearest prototype, not the balanced assignment, which gives every prototype
 * its target whether an embedding is near it or not. The targets r lie above 0 and sum to 1. A
 * prototype that nothing has been near for long is dead and takes the place of a recent embedding.
 *
 * <p>Caron et al., Unsupervised Learning of Visual Features by Contrasting Cluster Assignments,
 * NeurIPS 2020, section 3.1 and appendix A (normalisation, freezing); usage, targets and re-seeding
 * are for streams that drift.
 */
public final class Prototypes implements CanonicalState {

  private static final int VERSION_1 = 1;
  private static final String NAME = "prototypes";

  // configuration
  private final PrototypesConfig config;
  private final Kernels kernels;

  // state
  private final Parameters parameters;
  private final double[] usage;
  private long steps;
  private long reseeded;

  // runtime
  private final Matrix unit;
  private final Matrix norms;
  private final Matrix targets;
  private final RowBuffer scores;
  private int[] nearest = new int[0];

  /** Prototypes in random directions. */
  public Prototypes(Kernels kernels, PrototypesConfig config, SeededRandom random) {
    this.config = config;
    this.kernels = kernels;
    int count = config.count();
    parameters =
        Parameters.of(kernels)
            .normal(NAME, count, config.width(), 1 / Math.sqrt(config.width()))
            .build(random);
    usage = new double[count];
    Arrays.fill(usage, 1.0 / count);
    unit = kernels.allocate(count, config.width());
    norms = kernels.allocate(count, 1);
    targets = kernels.allocate(1, count);
    scores = new RowBuffer(kernels, count);
    normaliseInPlace();
  }

  public PrototypesConfig config() {
    return config;
  }

  /** The one matrix that an optimizer trains, with its gradient. */
  public Parameters parameters() {
    return parameters;
  }

  /** {@code K x width}, unit rows from {@link #normaliseInPlace} to the optimizer's step. */
  public Matrix rows() {
    return parameters.value(NAME);
  }

  public Matrix gradient() {
    return parameters.gradient(NAME);
  }

  /** Brings every row back to length 1. */
  public void normaliseInPlace() {
    kernels.normalizeRows(rows(), unit, norms);
    kernels.copy(unit, rows());
  }

  /** Steps whose nearest prototypes were observed. */
  public long steps() {
    return steps;
  }

  /** Whether the optimizer shall leave them where they are. */
  public boolean isFrozen() {
    return steps < config.freezeSteps();
  }

  /**
   * Cosines of embeddings with the prototypes.
   *
   * @param embeddings {@code n x width}, unit rows
   * @return {@code n x K}, overwritten by the next call
   */
  public Matrix scores(Matrix embeddings) {
    Matrix out = scores.rows(embeddings.rows());
    kernels.multiplyByTransposed(embeddings, rows(), 1, 0, out);
    return out;
  }

  /** The nearest prototype of each row; overwritten by the next call and longer if rows are few. */
  public int[] nearest(Matrix embeddings) {
    if (nearest.length < embeddings.rows()) {
      nearest = new int[embeddings.rows()];
    }
    kernels.argMaxRows(scores(embeddings), nearest);
    return nearest;
  }

  /** Takes the nearest prototypes of a step's embeddings into the usage; the step is over. */
  public void observeInPlace(int[] nearestPrototypes, int count) {
    double kept = config.usageDecay();
    for (int k = 0; k < usage.length; k++) {
      usage[k] *= kept;
    }
    for (int i = 0; i < count; i++) {
      usage[nearestPrototypes[i]] += (1 - kept) / count;
    }
    steps++;
  }

  /** Column targets of the assignment, {@code 1 x K}; null where all are equal. */
  public Matrix columnTargets() {
    double rho = config.relaxation();
    if (rho == 0) {
      return null;
    }
    double[] values = new double[usage.length];
    double sum = Arrays.stream(usage).sum();
    for (int k = 0; k < usage.length; k++) {
      values[k] = (1 - rho) / usage.length + rho * usage[k] / sum;
    }
    kernels.write(values, targets);
    return targets;
  }

  /**
   * Puts dead prototypes where recent embeddings are, when it is time to look for them.
   *
   * @param recent unit rows to draw from, each taken at most once
   * @return the prototypes that moved
   */
  public int[] reseedInPlace(Matrix recent, SeededRandom random) {
    return steps % config.reseedSteps() == 0 ? reseedDeadInPlace(recent, random) : new int[0];
  }

  /** The same, whether it is time or not. */
  public int[] reseedDeadInPlace(Matrix recent, SeededRandom random) {
    double bound = config.deadShare() / usage.length;
    int[] dead = IntStream.range(0, usage.length).filter(k -> usage[k] < bound).toArray();
    int count = Math.min(dead.length, recent.rows());
    int[] order = IntStream.range(0, recent.rows()).toArray();
    for (int i = 0; i < count; i++) {
      int other = i + random.nextInt(order.length - i);
      int row = order[other];
      order[other] = order[i];
      kernels.copy(recent.rows(row, row + 1), rows().rows(dead[i], dead[i] + 1));
      usage[dead[i]] = 1.0 / usage.length;
    }
    reseeded += count;
    return Arrays.copyOf(dead, count);
  }

  /** Running share of each prototype; they sum to about 1. */
  public double[] usage() {
    double sum = Arrays.stream(usage).sum();
    return Arrays.stream(usage).map(u -> u / sum).toArray();
  }

  /** {@code - sum_k u_k ln u_k}, from 0 (one prototype takes all) to ln K. */
  public double usageEntropy() {
    return -Arrays.stream(usage()).filter(u -> u > 0).map(u -> u * Math.log(u)).sum();
  }

  /**
   * Natural logarithm of K: the largest entropy, and the loss of a swapped prediction at chance.
   */
  public double logCount() {
    return Math.log(usage.length);
  }

  /** The largest running share. */
  public double largestShare() {
    return Arrays.stream(usage()).max().orElseThrow();
  }

  /** Prototypes re-seeded since the start. */
  public long reseeded() {
    return reseeded;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    parameters.writeTo(out);
    out.writeLong(steps);
    out.writeLong(reseeded);
    for (double share : usage) {
      out.writeDouble(share);
    }
  }

  /** Takes over what {@link #writeTo} wrote. */
  public void readInPlace(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("prototypes of version " + version + "; this build reads 1");
    }
    parameters.readInPlace(in);
    steps = in.readLong();
    reseeded = in.readLong();
    for (int k = 0; k < usage.length; k++) {
      usage[k] = in.readDouble();
    }
  }
}
