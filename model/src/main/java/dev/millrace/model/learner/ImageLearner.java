package dev.millrace.model.learner;

import dev.millrace.model.augment.ImageViews;
import dev.millrace.model.cluster.CollapseGuard;
import dev.millrace.model.cluster.Verdict;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.eval.PrequentialNeighbours;
import dev.millrace.model.kernel.CanonicalOutput;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Parallel;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.kernel.Texts;
import dev.millrace.model.memory.IdIndex;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
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
public final class ImageLearner implements OnlineLearner<ImageEvent>, ImageEmbedder {

  private static final int VERSION_1 = 1;

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
  private final ImageServing serving;
  private final ImageNeighbours around;

  /**
   * A learner that knows nothing yet.
   *
   * @param parallel draws the views; closed with the learner, as the kernels are
   */
  public ImageLearner(ImageLearnerConfig config, Kernels kernels, Parallel parallel) {
    this.config = config;
    this.kernels = kernels;
    this.parallel = parallel;
    ImageViews views = new ImageViews(config.views(), parallel);
    model = new ImageModel(config, kernels, views);
    model.use(model.newMoments(0));
    served = ServedVectors.of(kernels, config);
    guard = new CollapseGuard(config.guard());
    lastGood = new LastGood(model, model::readInPlace, config.training().goodSteps());
    ring = new ImageRing(config.training().ringImages());
    neighbours = new PrequentialNeighbours(kernels, served.width(), config.output().neighbours());
    metrics = new ImageMetrics(model.prototypes(), guard, neighbours);
    random = new SeededRandom(config.seed());
    serving = new ImageServing(config, kernels, views, model, served);
    around = new ImageNeighbours(config, serving, served, neighbours, ring);
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
    ring.readPositions(in);
    for (int i = 0; i < waiting; i++) {
      pending.set(i, pending.get(i).withPosition(in));
    }
  }

  @Override
  public void observe(EventGroup<ImageEvent> group, LearnerOutput output) {
    latestTime = Math.max(latestTime, group.eventTime());
    List<ImageEvent> events = group.events();
    for (int from = 0; from < events.size(); from += ImageServing.AT_ONCE) {
      meet(ImageServing.part(events, from), output);
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
    List<Picture> pictures = serving.reduced(events);
    int[] labels = new int[events.size()];
    for (int i = 0; i < labels.length; i++) {
      ImageEvent event = events.get(i);
      labels[i] = event.label().isEmpty() ? -1 : classes.add(event.label());
      pending.add(ImageExample.of(event, pictures.get(i), labels[i]));
      latestPosition = event.position();
    }
    ImageModel.Served seen = model.serve(pictures);
    float[][] vectors = served.embed(seen);
    around.testInPlace(vectors, labels);
    serving.publish(events, vectors, seen.unit(), modelVersion, output);
    metrics.noteImages(events.size());
    long basis = around.basis();
    around.takeInPlace(seen);
    around.settleInPlace(basis);
  }

  @Override
  public List<ImageEmbedding> describe(List<ImageEvent> events) {
    return serving.describe(events, modelVersion);
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
      serving.publishPrototypes(modelVersion, latestTime, latestPosition, output);
    }
  }

  private boolean canReplay(List<ImageExample> arrivals) {
    return ring.size() + arrivals.size() > 1;
  }

  /** One step; images of a bad one leave the ring and the arrivals. */
  private void step(List<ImageExample> drawn, List<ImageExample> arrivals, LearnerOutput output) {
    List<ImageExample> batch = List.copyOf(drawn);
    ImageModel.Outcome outcome = model.step(batch, lastGood.rateFactor(), random);
    if (outcome.seen().finite()) {
      model.reseedInPlace(batch.size(), random);
    }
    metrics.noteStep(outcome);
    Verdict verdict = guard.judgeInPlace(outcome.seen(), model.prototypes());
    if (verdict == Verdict.HEALTHY) {
      double loss = outcome.loss();
      averageLoss = Double.isNaN(averageLoss) ? loss : 0.98 * averageLoss + 0.02 * loss;
      lastGood.noteHealthyInPlace(1);
      return;
    }
    batch.forEach(example -> output.quarantine(example.deadLetter(verdict)));
    metrics.noteQuarantined(batch.size());
    ring.removeAll(batch);
    arrivals.removeIf(example -> batch.stream().anyMatch(other -> other == example));
    lastGood.rollBackInPlace();
    guard.resetInPlace();
    output.metrics(metrics.event(latestTime, verdict, model.steps(), lastGood.rollBacks()));
  }

  @Override
  public void finish(LearnerOutput output) {
    if (pending.size() > 1) {
      learn(pending.size(), output);
    }
    pending.clear();
    serving.publishPrototypes(modelVersion, latestTime, latestPosition, output);
    output.metrics(metrics.closeWindow(latestTime, lastGood.rollBacks()));
    output.metrics(metrics.total(latestTime, lastGood.rollBacks(), averageLoss, digest()));
  }

  @Override
  public float[][] embed(List<Picture> pictures) {
    return serving.embed(pictures);
  }

  @Override
  public int[] clusters(List<Picture> pictures) {
    return serving.clusters(pictures);
  }

  @Override
  public double[] encode(double[] image) {
    return model.pooled(image);
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    writeLearned(out);
    Texts.write(out, latestPosition.topic());
    out.writeInt(latestPosition.partition());
    out.writeLong(latestPosition.offset());
    ring.writePositions(out);
    for (ImageExample example : pending) {
      example.writePosition(out);
    }
  }

  /** Everything but where in Kafka the events stand. */
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
