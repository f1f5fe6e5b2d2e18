package dev.millrace.model.learner;

import dev.millrace.model.augment.ImageViews;
import dev.millrace.model.cluster.CollapseGuard;
import dev.millrace.model.cluster.Verdict;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.Prototype;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.eval.PrequentialNeighbours;
import dev.millrace.model.kernel.CanonicalOutput;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.Parallel;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.kernel.Texts;
import dev.millrace.model.memory.IdIndex;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The online learner of images: test, then learn.
 *
 * <p>For the images of one time, in their order:
 *
 * <ol>
 *   <li>each is embedded by the averaged weights as they were before, whitened by the stream's
 *       covariance, classified by the labelled images before it if it has a label, assigned to its
 *       nearest prototypes and published;
 *   <li>covariance and neighbours take it in;
 *   <li>once enough wait they are one mini-batch: a step on them, then steps on random draws from
 *       them and the ring of recent images.
 * </ol>
 *
 * <p>After each step a {@link CollapseGuard} judges. If the model has collapsed or a value is not
 * finite, the model goes back to its last good state, an event is reported, and the images of that
 * step are set aside. All that decides a later step is in the written state.
 */
public final class ImageLearner implements OnlineLearner<ImageEvent> {

  private static final int VERSION_1 = 1;
  private static final String BACKGROUND = "background";

  /** Images embedded at once: a nightly import may give thousands of them one time. */
  private static final int EMBEDDED_AT_ONCE = 64;

  // configuration
  private final ImageLearnerConfig config;
  private final Kernels kernels;
  private final Parallel parallel;

  // state
  private final ImageModel model;
  private final ServedVectors served;
  private final CollapseGuard guard;
  private final LastGood lastGood;
  private final ImageRing ring;
  private final PrequentialNeighbours neighbours;
  private final ImageMetrics metrics;
  private final SeededRandom random;
  private IdIndex classes = new IdIndex(0);
  private final List<ImageExample> pending = new ArrayList<>();
  private long modelVersion;
  private long latestTime = Long.MIN_VALUE;
  private double averageLoss = Double.NaN;

  /** Where the newest event stands; published, but no part of what is learned. */
  private SourcePosition latestPosition = new SourcePosition("", 0, 0);

  // runtime
  private final ImageViews views;
  private final ImageClusters clusters;

  /**
   * A learner that knows nothing yet.
   *
   * @param parallel draws the views; closed with the learner, as the kernels are
   */
  public ImageLearner(ImageLearnerConfig config, Kernels kernels, Parallel parallel) {
    this.config = config;
    this.kernels = kernels;
    this.parallel = parallel;
    views = new ImageViews(config.views(), parallel);
    model = new ImageModel(config, kernels, views);
    served = new ServedVectors(kernels);
    addParts();
    guard = new CollapseGuard(config.guard());
    lastGood = new LastGood(model, config.training().goodSteps());
    ring = new ImageRing(config.training().ringImages());
    neighbours = new PrequentialNeighbours(kernels, served.width(), config.output().neighbours());
    metrics = new ImageMetrics(model.prototypes(), guard, neighbours);
    random = new SeededRandom(config.seed());
    clusters = new ImageClusters(kernels, config, model.prototypes());
  }

  private void addParts() {
    ImageLearnerConfig.Model shape = config.model();
    if (shape.patches() == null) {
      served.add(new LearnedFeatures(kernels, shape), 1);
    } else {
      served.add(new PatchFeatures(kernels, shape.patches(), config.views(), config.seed()), 1);
      served.add(new LearnedFeatures(kernels, shape), shape.learnedWeight());
    }
  }

  /**
   * The learner that wrote these bytes.
   *
   * @throws IOException if they are of another version or configuration
   */
  public static ImageLearner readFrom(
      ImageLearnerConfig config, Kernels kernels, Parallel parallel, DataInput in)
      throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("an image learner of version " + version + "; this build reads 1");
    }
    String written = Texts.read(in);
    if (!written.equals(config.toString())) {
      throw new IOException(
          "the learner was written with "
              + written
              + " and cannot continue with "
              + config
              + ": restore with the options of that run, or start without its state");
    }
    ImageLearner learner = new ImageLearner(config, kernels, parallel);
    learner.restore(in);
    return learner;
  }

  private void restore(DataInput in) throws IOException {
    modelVersion = in.readLong();
    latestTime = in.readLong();
    averageLoss = in.readDouble();
    random.restore(new long[] {in.readLong(), in.readLong()});
    model.readInPlace(in);
    served.readInPlace(in);
    guard.readInPlace(in);
    lastGood.readInPlace(in);
    ring.readFrom(in);
    neighbours.readInPlace(in);
    metrics.readInPlace(in);
    classes = IdIndex.readFrom(in);
    int waiting = in.readInt();
    for (int i = 0; i < waiting; i++) {
      pending.add(ImageExample.readFrom(in));
    }
    latestPosition = new SourcePosition(Texts.read(in), in.readInt(), in.readLong());
  }

  @Override
  public void observe(EventGroup<ImageEvent> group, LearnerOutput output) {
    latestTime = Math.max(latestTime, group.eventTime());
    List<ImageEvent> events = group.events();
    for (int from = 0; from < events.size(); from += EMBEDDED_AT_ONCE) {
      meet(events.subList(from, Math.min(events.size(), from + EMBEDDED_AT_ONCE)), output);
    }
    while (pending.size() >= config.training().batchImages()) {
      learn(config.training().batchImages(), output);
    }
    if (metrics.isWindowFull(config.output().windowImages())) {
      output.metrics(metrics.closeWindow(latestTime, lastGood.rollBacks()));
    }
  }

  /** Tests on images, publishes them and lets them wait. */
  private void meet(List<ImageEvent> events, LearnerOutput output) {
    List<Picture> pictures = new ArrayList<>(events.size());
    int[] labels = new int[events.size()];
    for (int i = 0; i < labels.length; i++) {
      ImageEvent event = events.get(i);
      Picture picture = views.reduced(event.picture());
      pictures.add(picture);
      labels[i] = event.label().isEmpty() ? -1 : classes.add(event.label());
      boolean background = event.label().equals(BACKGROUND);
      pending.add(
          new ImageExample(
              event.id(), picture, labels[i], background, event.position(), event.eventTime()));
      latestPosition = event.position();
    }
    ImageModel.Served seen = model.serve(pictures);
    float[][] vectors = served.embed(seen);
    neighbours.classifyThenKeep(matrix(vectors), labels);
    publish(events, vectors, seen.unit(), output);
    metrics.noteImages(events.size());
    long basis = served.basis();
    served.observeInPlace(seen);
    if (served.basis() != basis) {
      embedNeighboursAnew();
    }
  }

  /** Old vectors compare no more with new ones: those of the ring take their places. */
  private void embedNeighboursAnew() {
    List<ImageExample> labelled = ring.examples().stream().filter(e -> e.label() >= 0).toList();
    int from = Math.max(0, labelled.size() - config.output().neighbours());
    List<ImageExample> kept = labelled.subList(from, labelled.size());
    float[][] vectors = embed(kept.stream().map(ImageExample::picture).toList());
    neighbours.replaceKept(matrix(vectors), kept.stream().mapToInt(ImageExample::label).toArray());
  }

  private Matrix matrix(float[][] vectors) {
    Matrix rows = kernels.allocate(vectors.length, served.width());
    for (int i = 0; i < vectors.length; i++) {
      rows.rows(i, i + 1).copyFrom(vectors[i], 0);
    }
    return rows;
  }

  private void publish(
      List<ImageEvent> events, float[][] vectors, Matrix unit, LearnerOutput output) {
    ImageClusters.Nearest nearest = clusters.nearest(unit);
    for (int i = 0; i < vectors.length; i++) {
      ImageEvent event = events.get(i);
      output.imageEmbedding(
          new ImageEmbedding(
              event.id(),
              vectors[i],
              norm(vectors[i]),
              nearest.clusters(i),
              nearest.assignment(i),
              modelVersion,
              event.eventTime(),
              event.position()),
          event.arrivalTime());
    }
  }

  private static double norm(float[] vector) {
    double square = 0;
    for (float element : vector) {
      square += element * element;
    }
    return Math.sqrt(square);
  }

  private void learn(int size, LearnerOutput output) {
    List<ImageExample> arrivals = new ArrayList<>(pending.subList(0, size));
    pending.subList(0, size).clear();
    step(arrivals, arrivals, output);
    for (int i = 0; i < config.training().replaySteps() && canReplay(arrivals); i++) {
      step(ring.draw(arrivals, config.training().batchImages(), random), arrivals, output);
    }
    ring.addAll(arrivals);
    modelVersion++;
    if (modelVersion % config.output().prototypeBatches() == 0) {
      publishPrototypes(output);
    }
  }

  private boolean canReplay(List<ImageExample> arrivals) {
    return ring.size() + arrivals.size() > 1;
  }

  /** One step; images of a bad one leave the ring and the arrivals. */
  private void step(List<ImageExample> drawn, List<ImageExample> arrivals, LearnerOutput output) {
    List<ImageExample> batch = List.copyOf(drawn);
    ImageModel.Outcome outcome = model.step(batch, lastGood.rateFactor(), random);
    metrics.noteStep(outcome);
    Verdict verdict = guard.judgeInPlace(outcome.seen(), model.prototypes());
    if (verdict == Verdict.HEALTHY) {
      double loss = outcome.loss();
      averageLoss = Double.isNaN(averageLoss) ? loss : 0.98 * averageLoss + 0.02 * loss;
      lastGood.noteHealthyInPlace();
      return;
    }
    quarantine(batch, verdict, output);
    ring.removeAll(batch);
    arrivals.removeIf(example -> batch.stream().anyMatch(other -> other == example));
    lastGood.rollBackInPlace();
    guard.resetInPlace();
    output.metrics(metrics.event(latestTime, verdict, model.steps(), lastGood.rollBacks()));
  }

  private void quarantine(List<ImageExample> batch, Verdict verdict, LearnerOutput output) {
    for (ImageExample example : batch) {
      output.quarantine(
          new DeadLetter(
              example.id().getBytes(StandardCharsets.UTF_8),
              null,
              example.position(),
              verdict.id(),
              "the learner took back a step on this image: " + verdict.advice(),
              example.eventTime()));
    }
    metrics.noteQuarantined(batch.size());
  }

  private void publishPrototypes(LearnerOutput output) {
    double[] usage = model.prototypes().usage();
    for (int k = 0; k < usage.length; k++) {
      float[] vector = new float[model.prototypes().config().width()];
      model.prototypes().rows().rows(k, k + 1).copyTo(vector, 0);
      output.prototype(
          new Prototype(k, vector, usage[k], modelVersion, latestTime, latestPosition));
    }
  }

  @Override
  public void finish(LearnerOutput output) {
    if (pending.size() > 1) {
      learn(pending.size(), output);
    }
    pending.clear();
    publishPrototypes(output);
    output.metrics(metrics.closeWindow(latestTime, lastGood.rollBacks()));
    output.metrics(metrics.total(latestTime, lastGood.rollBacks(), averageLoss, digest()));
  }

  /**
   * The vectors that images would get now; nothing is learned or counted.
   *
   * @return one for each picture, of the published length
   */
  public float[][] embed(List<Picture> pictures) {
    float[][] vectors = new float[pictures.size()][];
    for (int from = 0; from < vectors.length; from += EMBEDDED_AT_ONCE) {
      List<Picture> some =
          pictures.subList(from, Math.min(vectors.length, from + EMBEDDED_AT_ONCE)).stream()
              .map(views::reduced)
              .toList();
      float[][] part = served.embed(model.serve(some));
      System.arraycopy(part, 0, vectors, from, part.length);
    }
    return vectors;
  }

  /** The nearest prototype of each picture by the model as it is. */
  public int[] clusters(List<Picture> pictures) {
    int[] nearest = new int[pictures.size()];
    for (int from = 0; from < nearest.length; from += EMBEDDED_AT_ONCE) {
      int to = Math.min(nearest.length, from + EMBEDDED_AT_ONCE);
      List<Picture> some = pictures.subList(from, to).stream().map(views::reduced).toList();
      ImageClusters.Nearest found = clusters.nearest(model.serve(some).unit());
      for (int i = from; i < to; i++) {
        nearest[i] = found.clusters(i - from)[0];
      }
    }
    return nearest;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    writeLearned(out);
    Texts.write(out, latestPosition.topic());
    out.writeInt(latestPosition.partition());
    out.writeLong(latestPosition.offset());
  }

  /** Everything but where in Kafka the newest event stands. */
  private void writeLearned(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    Texts.write(out, config.toString());
    out.writeLong(modelVersion);
    out.writeLong(latestTime);
    out.writeDouble(averageLoss);
    for (long word : random.state()) {
      out.writeLong(word);
    }
    model.writeTo(out);
    served.writeTo(out);
    guard.writeTo(out);
    lastGood.writeTo(out);
    ring.writeTo(out);
    neighbours.writeTo(out);
    metrics.writeTo(out);
    classes.writeTo(out);
    out.writeInt(pending.size());
    for (ImageExample example : pending) {
      example.writeTo(out);
    }
  }

  @Override
  public String digest() {
    return CanonicalOutput.digestOf(this::writeLearned);
  }

  @Override
  public LearnerGauges gauges() {
    NegativeBank bank = model.bank();
    return new LearnerGauges(
        metrics.images(),
        metrics.takenSteps(),
        modelVersion,
        averageLoss,
        bank == null ? 0 : bank.size(),
        bank == null ? 0 : bank.meanAge(model.steps()),
        0,
        0,
        bank == null ? 0 : bank.nativeBytes(),
        metrics.figures(lastGood.rollBacks()));
  }

  @Override
  public void close() {
    parallel.close();
    kernels.close();
  }
}
