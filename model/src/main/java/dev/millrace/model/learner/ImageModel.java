package dev.millrace.model.learner;

import dev.millrace.model.augment.ImageViews;
import dev.millrace.model.cluster.CollapseGuard;
import dev.millrace.model.cluster.Prototypes;
import dev.millrace.model.data.Picture;
import dev.millrace.model.encoder.ConvEncoder;
import dev.millrace.model.encoder.ConvPass;
import dev.millrace.model.encoder.EncoderAverage;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.optimizer.LearningRate;
import dev.millrace.model.optimizer.Parameters;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Encoder, averaged encoder, prototypes and the objective's own weights, trained by way of the
 * {@link ImageMoments} that are in use; together what a roll-back takes back.
 *
 * <p>One step: prototypes to unit length; views; encoder forward; objective; a swapped prediction
 * of the embeddings as they are, where the objective does not train the prototypes itself;
 * backward; optimizers; averaged weights; queue, bank and usage.
 */
final class ImageModel implements CanonicalState {

  private static final int VERSION_1 = 1;
  private static final double LOSS_DECAY = 0.98;

  // configuration
  private final ImageLearnerConfig config;
  private final Kernels kernels;
  private final LearningRate rate;
  private final ObjectiveFeed feed;
  private final int viewCount;
  private final boolean assigning;
  private final ImageLearnerConfig.Labels labels;

  // state
  private final ConvEncoder encoder;
  private final EncoderAverage average;
  private final Prototypes prototypes;
  private final ObjectiveWeights weights;
  private ImageMoments moments;
  private double clusterLoss = Double.NaN;
  private long steps;

  // runtime
  private final ImageViews views;
  private final List<Parameters> trained;
  private final ConvPass largePass;
  private final ConvPass smallPass;
  private final ConvPass servingPass;
  private final RowBuffer large;
  private final RowBuffer small;
  private final RowBuffer plain;
  private final RowBuffer states;
  private final RowBuffer gradient;
  private final RowBuffer detached;
  private final RowBuffer unit;
  private final RowBuffer norms;
  private final RowBuffer told;

  /** A model that cannot be trained before it {@link #use uses} moments. */
  ImageModel(ImageLearnerConfig config, Kernels kernels, ImageViews views) {
    this.config = config;
    this.kernels = kernels;
    this.views = views;
    this.rate = config.training().learningRate();
    this.labels = config.training().labels();
    this.feed = config.feed();
    SeededRandom random = new SeededRandom(SeededRandom.mix(config.seed() ^ 0x1a6eL));
    encoder = new ConvEncoder(kernels, config.model().encoder(), random);
    average = new EncoderAverage(kernels, encoder, config.model().average());
    prototypes = new Prototypes(kernels, config.prototypes(), random);
    int width = config.model().encoder().head().width();
    int clusters = config.clusters().count();
    // Labels are numbered below the number of clusters.
    weights =
        new ObjectiveWeights(
            kernels, config.seed(), Map.of("D", width, "K", clusters, "C", clusters), feed);
    assigning = feed.objective() == Objectives.SWAV;
    viewCount = feed.views(config.viewCount());
    trained =
        Stream.of(encoder.parameters(), prototypes.parameters(), weights.parameters())
            .filter(Objects::nonNull)
            .toList();
    largePass = encoder.newPass();
    smallPass = encoder.newPass();
    servingPass = average.encoder().newPass();
    large = new RowBuffer(kernels, 3);
    small = new RowBuffer(kernels, 3);
    plain = new RowBuffer(kernels, 3);
    states = new RowBuffer(kernels, width);
    gradient = new RowBuffer(kernels, width);
    detached = new RowBuffer(kernels, width);
    unit = new RowBuffer(kernels, width);
    norms = new RowBuffer(kernels, 1);
    told = new RowBuffer(kernels, config.model().encoder().width());
  }

  /**
   * What training starts with.
   *
   * @param stream of views: two that take turns on one model see an image differently in one step;
   *     0 for one that is alone
   */
  ImageMoments newMoments(long stream) {
    return new ImageMoments(kernels, config, trained, prototypes, weights, stream);
  }

  /** Trains by way of these from now on. */
  void use(ImageMoments other) {
    moments = other;
  }

  /**
   * What a step has done.
   *
   * @param loss of the objective
   * @param clusterLoss of the swapped prediction
   * @param seen what the guard asks for
   * @param views views that were made
   * @param nearest the nearest prototype of each image's first two views, views in turn
   */
  record Outcome(
      double loss, double clusterLoss, CollapseGuard.Observation seen, int views, int[] nearest) {}

  /**
   * One step; {@link #reseedInPlace} is the end of it where prototypes may move now.
   *
   * @param rateFactor what the scheduled rate is multiplied by
   */
  Outcome step(List<ImageExample> examples, double rateFactor, SeededRandom random) {
    int count = examples.size();
    trained.forEach(Parameters::zeroGradientsInPlace);
    prototypes.normaliseInPlace();
    moments.decideQueue(clusterLoss);
    forward(examples);
    Matrix z = states.rows(config.viewCount() * count);
    Matrix unitRows = unit.rows(2 * count);
    kernels.normalizeRows(z.head(2 * count), unitRows, norms.rows(2 * count));
    double variance = variance(unitRows.head(count));
    int[] nearest = Arrays.copyOf(prototypes.nearest(unitRows), 2 * count);
    List<ImageRow> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rows.add(new ImageRow(examples.get(i), nearest[i], labels));
    }
    Matrix ofStates = gradient.rows(z.rows());
    kernels.fillInPlace(ofStates, 0);
    Matrix used = z.head(viewCount * count);
    double loss =
        moments
            .objective()
            .evaluate(rows, used, viewCount, 1, random, ofStates.head(viewCount * count));
    double clusters = loss;
    if (moments.assignment() != null) {
      Matrix ignored = detached.rows(2 * count);
      clusters = moments.assignment().evaluate(rows, z.head(2 * count), 2, 1, random, ignored);
    }
    backward(ofStates, count);
    boolean finite = isFinite(loss) && isFinite(clusters);
    if (finite) {
      optimise(rateFactor);
      clusterLoss = averaged(clusterLoss, clusters);
      moments.keepInPlace(unitRows, z.rows(count, 2 * count), rows, steps);
      prototypes.observeInPlace(nearest, 2 * count);
    }
    return new Outcome(
        loss,
        clusters,
        new CollapseGuard.Observation(clusters, assigning, variance, finite),
        config.viewCount() * count,
        nearest);
  }

  /** Puts dead prototypes where images of the finite step that was taken last are. */
  void reseedInPlace(int images, SeededRandom random) {
    prototypes.reseedInPlace(unit.rows(2 * images).head(images), random);
  }

  private void forward(List<ImageExample> examples) {
    int count = examples.size();
    List<Picture> pictures = examples.stream().map(ImageExample::picture).toList();
    long[] seeds = examples.stream().mapToLong(e -> moments.seed(e.id(), steps)).toArray();
    Matrix ofLarge = large.rows(views.largeRows(count));
    Matrix ofSmall = small.rows(views.smallRows(count));
    views.draw(pictures, seeds, ofLarge, ofSmall);
    int first = config.views().large().count() * count;
    encoder.forwardForTraining(largePass, ofLarge, first, config.views().large().size());
    Matrix z = states.rows(config.viewCount() * count);
    kernels.copy(largePass.projected(), z.head(first));
    if (z.rows() > first) {
      encoder.forwardForTraining(
          smallPass, ofSmall, z.rows() - first, config.views().small().size());
      kernels.copy(smallPass.projected(), z.rows(first, z.rows()));
    }
  }

  private void backward(Matrix ofStates, int count) {
    int first = config.views().large().count() * count;
    encoder.backward(largePass, null, ofStates.head(first));
    if (ofStates.rows() > first) {
      encoder.backward(smallPass, null, ofStates.rows(first, ofStates.rows()));
    }
  }

  private boolean isFinite(double loss) {
    return Double.isFinite(loss)
        && trained.stream().allMatch(part -> Double.isFinite(part.gradientNorm()));
  }

  private void optimise(double rateFactor) {
    steps++;
    moments.stepInPlace(rateFactor * rate.at(steps));
    average.stepInPlace();
    prototypes.normaliseInPlace();
  }

  /** {@code sum_j var_j} of unit rows, which is 1 less the square of their mean's length. */
  private double variance(Matrix unitRows) {
    Matrix mean = kernels.allocate(1, unitRows.columns());
    kernels.sumOfRows(unitRows, 0, mean);
    double[] sums = new double[unitRows.columns()];
    kernels.read(mean, sums);
    double square = 0;
    for (double sum : sums) {
      square += sum / unitRows.rows() * (sum / unitRows.rows());
    }
    return 1 - square;
  }

  private static double averaged(double running, double value) {
    return Double.isNaN(running) ? value : LOSS_DECAY * running + (1 - LOSS_DECAY) * value;
  }

  /**
   * Images by the averaged encoder; all is overwritten by the next call.
   *
   * @param pixels the images as views that nothing was drawn for, {@code (n S S) x 3}
   * @param pooled what is served after whitening, {@code n x width}
   * @param unit projections at unit length, {@code n x projection}
   */
  record Served(Matrix pixels, Matrix pooled, Matrix unit) {}

  Served serve(List<Picture> pictures) {
    int count = pictures.size();
    Matrix pixels = plain.rows(views.plainRows(count));
    views.plain(pictures, pixels);
    average.encoder().forward(servingPass, pixels, count, config.views().large().size());
    Matrix unitRows = unit.rows(count);
    kernels.normalizeRows(servingPass.projected(), unitRows, norms.rows(count));
    return new Served(pixels, servingPass.pooled(), unitRows);
  }

  /**
   * Images with pooled features that were made before, for whoever learns from both.
   *
   * @return without projections
   */
  Served served(List<Picture> pictures, float[][] pooled) {
    Matrix pixels = plain.rows(views.plainRows(pictures.size()));
    views.plain(pictures, pixels);
    Matrix features = told.rows(pooled.length);
    for (int i = 0; i < pooled.length; i++) {
      features.rows(i, i + 1).copyFrom(pooled[i], 0);
    }
    return new Served(pixels, features, null);
  }

  /**
   * Pooled features of one image by the averaged weights.
   *
   * @param image display values in [0, 1] of a square of the large crops' size, row-major, red,
   *     green and blue side by side; they are not rounded to bytes
   */
  double[] pooled(double[] image) {
    Matrix pixels = plain.rows(views.plainRows(1));
    float[] values = new float[image.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((image[i] - config.views().mean()) / config.views().deviation());
    }
    pixels.copyFrom(values, 0);
    average.encoder().forward(servingPass, pixels, 1, config.views().large().size());
    float[] features = new float[servingPass.pooled().columns()];
    servingPass.pooled().copyTo(features, 0);
    double[] pooled = new double[features.length];
    for (int i = 0; i < pooled.length; i++) {
      pooled[i] = features[i];
    }
    return pooled;
  }

  Prototypes prototypes() {
    return prototypes;
  }

  /** Steps taken since the start, those that were taken back not among them. */
  long steps() {
    return steps;
  }

  /** Running loss of the swapped prediction. */
  double clusterLoss() {
    return clusterLoss;
  }

  /** What the moments in use have of negatives; null where the objective takes none. */
  NegativeBank bank() {
    return moments.bank();
  }

  /** All weights, as lanes propose and merge them. */
  ImageWeights weights() {
    return new ImageWeights(trained, encoder.statistics());
  }

  /**
   * Takes in steps after which others left the weights that are here now: the averaged weights
   * follow, prototypes and their usage too.
   */
  void followInPlace(List<Outcome> others) {
    steps += others.size();
    average.followInPlace(others.size());
    prototypes.normaliseInPlace();
    for (Outcome other : others) {
      clusterLoss = averaged(clusterLoss, other.clusterLoss());
      prototypes.observeInPlace(other.nearest(), other.nearest().length);
    }
  }

  /** Whether every weight is a number. */
  boolean isFinite() {
    return Stream.concat(trained.stream(), Stream.of(encoder.statistics()))
        .allMatch(part -> Double.isFinite(part.norm()));
  }

  /** Weights and moments. */
  @Override
  public void writeTo(DataOutput out) throws IOException {
    writeSharedTo(out);
    moments.writeTo(out);
  }

  /** Everything but the moments. */
  void writeSharedTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeLong(steps);
    out.writeDouble(clusterLoss);
    encoder.writeTo(out);
    average.writeTo(out);
    prototypes.writeTo(out);
    if (weights.parameters() != null) {
      weights.parameters().writeTo(out);
    }
  }

  void readInPlace(DataInput in) throws IOException {
    readSharedInPlace(in);
    moments.readInPlace(in);
  }

  /** Takes over what {@link #writeSharedTo} wrote. */
  void readSharedInPlace(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("an image model of version " + version + "; this build reads 1");
    }
    steps = in.readLong();
    clusterLoss = in.readDouble();
    encoder.readInPlace(in);
    average.readInPlace(in);
    prototypes.readInPlace(in);
    if (weights.parameters() != null) {
      weights.parameters().readInPlace(in);
    }
  }
}
