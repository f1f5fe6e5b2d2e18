package dev.millrace.model.learner;

import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Picture;
import dev.millrace.model.kernel.CanonicalOutput;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Parallel;
import dev.millrace.model.kernel.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

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

  // state
  private final SharedImages shared;
  private final TreeMap<Integer, ImageLane> lanes = new TreeMap<>();

  /**
   * A copy of a model that knows nothing yet.
   *
   * @param parallel draws the views; closed with the copy, as the kernels are
   */
  public ImageReplica(
      ImageLearnerConfig config, LaneLayout layout, Kernels kernels, Parallel parallel) {
    this.config = config;
    this.layout = layout;
    this.shared = new SharedImages(config, layout.mergePower(), kernels, parallel);
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
    header(config, layout).requireIn(in);
    ImageReplica replica = new ImageReplica(config, layout, kernels, parallel);
    replica.shared.readInPlace(in);
    return replica;
  }

  private static ReplicaHeader header(ImageLearnerConfig config, LaneLayout layout) {
    return new ReplicaHeader("an image replica", VERSION_1, config + " " + layout);
  }

  @Override
  public void open(int lane) {
    layout.requireClosed(lane, lanes.keySet());
    SeededRandom random =
        new SeededRandom(SeededRandom.mix(config.seed() ^ LANE_STREAM * (lane + 1)));
    lanes.put(lane, new ImageLane(random, newMoments(lane)));
  }

  private ImageMoments newMoments(int lane) {
    return shared.model.newMoments(SeededRandom.mix(LANE_STREAM * (lane + 1)));
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
      List<Picture> pictures = shared.serving.reduced(some);
      ImageModel.Served seen = shared.model.serve(pictures);
      float[][] vectors = shared.served.embed(seen);
      shared.serving.publish(some, vectors, seen.unit(), shared.merge.modelVersion(), output);
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
    return CanonicalState.bytesOf(lanes.get(lane).drain()::writeTo);
  }

  @Override
  public void merge(SortedMap<Integer, byte[]> newsByLane, LearnerOutput output)
      throws IOException {
    List<ImageLaneNews> told = new ArrayList<>();
    List<LaneImage> met = new ArrayList<>();
    List<ImageLaneNews.Setback> setbacks = new ArrayList<>();
    for (Map.Entry<Integer, byte[]> entry : newsByLane.entrySet()) {
      ImageLaneNews news =
          ImageLaneNews.readFrom(new DataInputStream(new ByteArrayInputStream(entry.getValue())));
      told.add(news);
      met.addAll(news.met());
      if (news.setback() != null) {
        setbacks.add(news.setback());
        reportHere(entry.getKey(), news.setback(), output);
      }
    }
    met.sort(LaneImage.ORDER);
    List<ImageExample> examples = shared.intake.testInPlace(met);
    ImageMerge.Merged merged = shared.mergeInPlace(told);
    if (merged.rolledBack()) {
      lanes.forEach((lane, open) -> open.beginAnew(newMoments(lane)));
    }
    Predicate<ImageExample> setAside =
        image -> setbacks.stream().anyMatch(setback -> setback.concerns(image));
    shared.intake.takeInPlace(met, examples, setAside);
    examples.forEach(this::letWait);
    lanes.values().forEach(lane -> lane.pending.removeIf(setAside));
    report(merged, output);
    lanes.values().forEach(shared.training::learn);
  }

  /** Images of a step that was taken back are reported by the lane that took it. */
  private void reportHere(int lane, ImageLaneNews.Setback setback, LearnerOutput output) {
    if (lanes.containsKey(lane)) {
      setback.batch().forEach(image -> output.quarantine(image.deadLetter(setback.verdict())));
    }
  }

  private void letWait(ImageExample example) {
    ImageLane lane = lanes.get(layout.laneOf(example.id()));
    if (lane != null) {
      lane.pending.add(example);
    }
  }

  private void report(ImageMerge.Merged merged, LearnerOutput output) {
    List<LearningMetrics> made = new ArrayList<>(merged.events());
    if (shared.isWindowFull()) {
      made.add(shared.closeWindow());
    }
    if (lanes.containsKey(0)) {
      made.forEach(output::metrics);
      if (merged.prototypesDue()) {
        shared.publishPrototypes(output);
      }
    }
  }

  @Override
  public void learnRest(int lane) {
    shared.training.learnRest(lanes.get(lane));
  }

  @Override
  public void finish(LearnerOutput output) {
    LearningMetrics window = shared.closeWindow();
    if (lanes.containsKey(0)) {
      shared.publishPrototypes(output);
      output.metrics(window);
      output.metrics(shared.total(digest()));
    }
  }

  @Override
  public List<ImageEmbedding> describe(List<ImageEvent> events) {
    return shared.serving.describe(events, shared.merge.modelVersion());
  }

  @Override
  public float[][] embed(List<Picture> pictures) {
    return shared.serving.embed(pictures);
  }

  @Override
  public int[] clusters(List<Picture> pictures) {
    return shared.serving.clusters(pictures);
  }

  @Override
  public double[] encode(double[] image) {
    return shared.model.pooled(image);
  }

  @Override
  public void writeSharedTo(DataOutput out) throws IOException {
    writeLearned(out);
    shared.intake.writePositions(out);
  }

  /** Everything but where in Kafka the events stand. */
  private void writeLearned(DataOutput out) throws IOException {
    header(config, layout).writeTo(out);
    shared.writeTo(out);
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
        shared.metrics.images(),
        shared.metrics.takenSteps(),
        shared.merge.modelVersion(),
        shared.merge.averageLoss(),
        banks.stream().mapToInt(NegativeBank::size).sum(),
        banks.stream().mapToDouble(bank -> bank.meanAge(shared.model.steps())).average().orElse(0),
        0,
        0,
        banks.stream().mapToLong(NegativeBank::nativeBytes).sum(),
        shared.figures());
  }

  @Override
  public void close() {
    shared.close();
  }
}
