package dev.millrace.model.learner;

import dev.millrace.model.augment.ImageViews;
import dev.millrace.model.cluster.CollapseGuard;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Picture;
import dev.millrace.model.eval.PrequentialNeighbours;
import dev.millrace.model.kernel.CanonicalOutput;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Parallel;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.kernel.Texts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The learner of images on lanes: what {@link ImageLearner} does for one lane, cut into rounds.
 *
 * <p>In a round a lane embeds its images by the model that the last round left, and publishes them.
 * At the end of a round, on every copy:
 *
 * <ol>
 *   <li>the images of all lanes are classified and kept in the order of (event time, partition,
 *       offset), by the vectors that their lanes published;
 *   <li>what the lanes came to by training is merged, lane by lane ({@link ImageMerge});
 *   <li>features that need no gradient learn the images, and the images go into the ring;
 *   <li>each lane that is open here trains on its own mini-batches and on draws from the ring; what
 *       it comes to are news of its next round ({@link ImageLaneTraining}).
 * </ol>
 *
 * <p>A lane has optimizer moments, queue, bank and draws of its own; the ring of images, as all
 * else, is shared.
 */
public final class ImageReplica implements LaneReplica<ImageEvent>, ImageEmbedder {

  private static final int VERSION_1 = 1;
  private static final long LANE_STREAM = 0x1a6e1a9eL;

  // configuration
  private final ImageLearnerConfig config;
  private final LaneLayout layout;
  private final Kernels kernels;
  private final Parallel parallel;

  // state that all copies share
  private final ImageModel model;
  private final ServedVectors served;
  private final CollapseGuard guard;
  private final LastGood lastGood;
  private final ImageMetrics metrics;
  private final ImageIntake intake;
  private final ImageMerge merge;

  // runtime
  private final TreeMap<Integer, ImageLane> lanes = new TreeMap<>();
  private final ImageServing serving;
  private final ImageLaneTraining training;

  /**
   * A copy of a model that knows nothing yet.
   *
   * @param parallel draws the views; closed with the copy, as the kernels are
   */
  public ImageReplica(
      ImageLearnerConfig config, LaneLayout layout, Kernels kernels, Parallel parallel) {
    this.config = config;
    this.layout = layout;
    this.kernels = kernels;
    this.parallel = parallel;
    ImageViews views = new ImageViews(config.views(), parallel);
    model = new ImageModel(config, kernels, views);
    served = ServedVectors.of(kernels, config);
    guard = new CollapseGuard(config.guard());
    lastGood =
        new LastGood(model::writeSharedTo, model::readSharedInPlace, config.training().goodSteps());
    PrequentialNeighbours neighbours =
        new PrequentialNeighbours(kernels, served.width(), config.output().neighbours());
    metrics = new ImageMetrics(model.prototypes(), guard, neighbours);
    merge = new ImageMerge(config, layout.mergePower(), model, guard, lastGood, metrics);
    serving = new ImageServing(config, kernels, views, model, served);
    intake = new ImageIntake(config, model, serving, served, neighbours, metrics);
    training = new ImageLaneTraining(config.training(), model, guard, lastGood, intake.ring());
  }

  /**
   * The copy that wrote these bytes, with no lane open.
   *
   * @throws IOException if they are of another version or configuration
   */
  public static ImageReplica readFrom(
      ImageLearnerConfig config,
      LaneLayout layout,
      Kernels kernels,
      Parallel parallel,
      DataInput in)
      throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("an image replica of version " + version + "; this build reads 1");
    }
    String written = Texts.read(in);
    String wanted = config + " " + layout;
    if (!written.equals(wanted)) {
      throw new IOException(
          "the lanes learned with "
              + written
              + " and cannot continue with "
              + wanted
              + ": restore with the options of that run, or start without its state");
    }
    ImageReplica replica = new ImageReplica(config, layout, kernels, parallel);
    replica.restore(in);
    return replica;
  }

  private void restore(DataInput in) throws IOException {
    intake.readInPlace(in);
    merge.readInPlace(in);
    model.readSharedInPlace(in);
    guard.readInPlace(in);
    lastGood.readInPlace(in);
    metrics.readInPlace(in);
    intake.readPositions(in);
  }

  @Override
  public void open(int lane) {
    if (lane < 0 || lane >= layout.lanes() || lanes.containsKey(lane)) {
      throw new IllegalArgumentException(
          "lane " + lane + " of " + layout.lanes() + " does not exist or is open already");
    }
    SeededRandom random =
        new SeededRandom(SeededRandom.mix(config.seed() ^ LANE_STREAM * (lane + 1)));
    lanes.put(lane, new ImageLane(random, newMoments(lane)));
  }

  private ImageMoments newMoments(int lane) {
    return model.newMoments(SeededRandom.mix(LANE_STREAM * (lane + 1)));
  }

  @Override
  public void open(int lane, DataInput in) throws IOException {
    open(lane);
    lanes.get(lane).readInPlace(in);
  }

  @Override
  public void observe(int lane, EventGroup<ImageEvent> group, LearnerOutput output) {
    List<ImageEvent> events = group.events();
    for (int from = 0; from < events.size(); from += ImageServing.AT_ONCE) {
      List<ImageEvent> some = ImageServing.part(events, from);
      List<Picture> pictures = serving.reduced(some);
      ImageModel.Served seen = model.serve(pictures);
      float[][] vectors = served.embed(seen);
      serving.publish(some, vectors, seen.unit(), merge.modelVersion(), output);
      for (int i = 0; i < vectors.length; i++) {
        float[] pooled = new float[seen.pooled().columns()];
        seen.pooled().rows(i, i + 1).copyTo(pooled, 0);
        lanes.get(lane).met.add(LaneImage.of(some.get(i), pictures.get(i), pooled, vectors[i]));
      }
    }
  }

  @Override
  public boolean hasNews(int lane) {
    return lanes.get(lane).hasNews();
  }

  @Override
  public byte[] news(int lane) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      lanes.get(lane).drain().writeTo(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void merge(SortedMap<Integer, byte[]> newsByLane, LearnerOutput output)
      throws IOException {
    TreeMap<Integer, ImageLaneNews> told = new TreeMap<>();
    List<LaneImage> met = new ArrayList<>();
    for (Map.Entry<Integer, byte[]> entry : newsByLane.entrySet()) {
      ImageLaneNews news =
          ImageLaneNews.readFrom(new DataInputStream(new ByteArrayInputStream(entry.getValue())));
      told.put(entry.getKey(), news);
      met.addAll(news.met());
    }
    met.sort(LaneImage.ORDER);
    List<ImageExample> examples = intake.testInPlace(met);
    ImageMerge.Merged merged =
        merge.mergeInPlace(told.values(), intake.recent(), intake.latestTime());
    if (merged.rolledBack()) {
      lanes.forEach((lane, open) -> open.beginAnew(newMoments(lane)));
    }
    List<ImageLaneNews.Setback> setbacks =
        told.values().stream().map(ImageLaneNews::setback).filter(Objects::nonNull).toList();
    intake.takeInPlace(
        met, examples, image -> setbacks.stream().anyMatch(setback -> setback.concerns(image)));
    examples.forEach(this::letWait);
    told.forEach(
        (lane, news) -> {
          if (news.setback() != null) {
            setAside(lane, news.setback(), output);
          }
        });
    report(merged, output);
    lanes.values().forEach(training::learn);
  }

  private void letWait(ImageExample example) {
    ImageLane lane = lanes.get(layout.laneOf(example.id()));
    if (lane != null) {
      lane.pending.add(example);
    }
  }

  /** Images of a step that was taken back are learned no more; their own lane reports them. */
  private void setAside(int lane, ImageLaneNews.Setback setback, LearnerOutput output) {
    lanes.values().forEach(open -> open.pending.removeIf(setback::concerns));
    if (lanes.containsKey(lane)) {
      setback.batch().forEach(image -> output.quarantine(image.deadLetter(setback.verdict())));
    }
  }

  private void report(ImageMerge.Merged merged, LearnerOutput output) {
    List<LearningMetrics> made = new ArrayList<>(merged.events());
    if (metrics.isWindowFull(config.output().windowImages())) {
      made.add(metrics.closeWindow(intake.latestTime(), lastGood.rollBacks()));
    }
    if (lanes.containsKey(0)) {
      made.forEach(output::metrics);
      if (merged.prototypesDue()) {
        publishPrototypes(output);
      }
    }
  }

  private void publishPrototypes(LearnerOutput output) {
    serving.publishPrototypes(
        merge.modelVersion(), intake.latestTime(), intake.latestPosition(), output);
  }

  @Override
  public void learnRest(int lane) {
    training.learnRest(lanes.get(lane));
  }

  @Override
  public void finish(LearnerOutput output) {
    LearningMetrics window = metrics.closeWindow(intake.latestTime(), lastGood.rollBacks());
    if (lanes.containsKey(0)) {
      publishPrototypes(output);
      output.metrics(window);
      output.metrics(
          metrics.total(intake.latestTime(), lastGood.rollBacks(), merge.averageLoss(), digest()));
    }
  }

  @Override
  public List<ImageEmbedding> describe(List<ImageEvent> events) {
    return serving.describe(events, merge.modelVersion());
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
  public void writeSharedTo(DataOutput out) throws IOException {
    writeLearned(out);
    intake.writePositions(out);
  }

  /** Everything but where in Kafka the events stand. */
  private void writeLearned(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    Texts.write(out, config + " " + layout);
    intake.writeTo(out);
    merge.writeTo(out);
    model.writeSharedTo(out);
    guard.writeTo(out);
    lastGood.writeTo(out);
    metrics.writeTo(out);
  }

  @Override
  public void writeLaneTo(int lane, DataOutput out) throws IOException {
    lanes.get(lane).writeTo(out);
  }

  @Override
  public String digest() {
    return CanonicalOutput.digestOf(this::writeLearned);
  }

  @Override
  public LearnerGauges gauges() {
    List<NegativeBank> banks =
        lanes.values().stream()
            .map(lane -> lane.moments().bank())
            .filter(Objects::nonNull)
            .toList();
    return new LearnerGauges(
        metrics.images(),
        metrics.takenSteps(),
        merge.modelVersion(),
        merge.averageLoss(),
        banks.stream().mapToInt(NegativeBank::size).sum(),
        banks.stream().mapToDouble(bank -> bank.meanAge(model.steps())).average().orElse(0),
        0,
        0,
        banks.stream().mapToLong(NegativeBank::nativeBytes).sum(),
        metrics.figures(lastGood.rollBacks()));
  }

  @Override
  public void close() {
    parallel.close();
    kernels.close();
  }
}
