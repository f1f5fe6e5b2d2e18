package dev.millrace.model.learner;

import dev.millrace.model.data.Picture;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.eval.PrequentialNeighbours;
import dev.millrace.model.kernel.Texts;
import dev.millrace.model.memory.IdIndex;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The images of all lanes, as every copy takes them in at the end of a round: in the order in which
 * one lane would have met them they are classified, then features that need no gradient learn them
 * and the ring keeps them for replay.
 */
final class ImageIntake {

  private final ImageModel model;
  private final ImageMetrics metrics;

  // state
  private final ServedVectors served;
  private final PrequentialNeighbours neighbours;
  private final ImageRing ring;
  private IdIndex classes = new IdIndex(0);
  private long latestTime = Long.MIN_VALUE;

  /** Where the newest event stands; published, but no part of what is learned. */
  private SourcePosition latestPosition = new SourcePosition("", 0, 0);

  // runtime
  private final ImageNeighbours around;

  ImageIntake(
      ImageLearnerConfig config,
      ImageModel model,
      ImageServing serving,
      ServedVectors served,
      PrequentialNeighbours neighbours,
      ImageMetrics metrics) {
    this.model = model;
    this.served = served;
    this.neighbours = neighbours;
    this.metrics = metrics;
    ring = new ImageRing(config.training().ringImages());
    around = new ImageNeighbours(config, serving, served, neighbours, ring);
  }

  ImageRing ring() {
    return ring;
  }

  long latestTime() {
    return latestTime;
  }

  SourcePosition latestPosition() {
    return latestPosition;
  }

  /** Pictures of the latest images of the rounds before. */
  List<Picture> recent() {
    return ring.latest(ImageServing.AT_ONCE).stream().map(ImageExample::picture).toList();
  }

  /**
   * Classifies images by those before them, by the vectors that their lanes published.
   *
   * @param met all of a round, in their order
   * @return the images with their classes
   */
  List<ImageExample> testInPlace(List<LaneImage> met) {
    List<ImageExample> examples = new ArrayList<>(met.size());
    for (int from = 0; from < met.size(); from += ImageServing.AT_ONCE) {
      List<LaneImage> some = ImageServing.part(met, from);
      int[] labels = new int[some.size()];
      for (int i = 0; i < labels.length; i++) {
        LaneImage image = some.get(i);
        labels[i] = image.label().isEmpty() ? -1 : classes.add(image.label());
        examples.add(image.example(labels[i]));
        latestTime = Math.max(latestTime, image.eventTime());
        latestPosition = image.position();
      }
      around.testInPlace(some.stream().map(LaneImage::vector).toArray(float[][]::new), labels);
    }
    metrics.noteImages(met.size());
    return examples;
  }

  /**
   * Features and ring take the images in.
   *
   * @param setAside images that nothing is learned from any more
   */
  void takeInPlace(
      List<LaneImage> met, List<ImageExample> examples, Predicate<ImageExample> setAside) {
    long basis = around.basis();
    for (int from = 0; from < met.size(); from += ImageServing.AT_ONCE) {
      List<LaneImage> some = ImageServing.part(met, from);
      around.takeInPlace(
          model.served(
              some.stream().map(LaneImage::picture).toList(),
              some.stream().map(LaneImage::pooled).toArray(float[][]::new)));
    }
    ring.addAll(examples);
    ring.removeIf(setAside);
    around.settleInPlace(basis);
  }

  /** Writes everything but where in Kafka the events stand. */
  void writeTo(DataOutput out) throws IOException {
    out.writeLong(latestTime);
    served.writeTo(out);
    ring.writeTo(out);
    neighbours.writeTo(out);
    classes.writeTo(out);
  }

  /** Takes over what {@link #writeTo} wrote. */
  void readInPlace(DataInput in) throws IOException {
    latestTime = in.readLong();
    served.readInPlace(in);
    ring.readFrom(in);
    neighbours.readInPlace(in);
    classes = IdIndex.readFrom(in);
  }

  void writePositions(DataOutput out) throws IOException {
    Texts.write(out, latestPosition.topic());
    out.writeInt(latestPosition.partition());
    out.writeLong(latestPosition.offset());
    ring.writePositions(out);
  }

  void readPositions(DataInput in) throws IOException {
    latestPosition = new SourcePosition(Texts.read(in), in.readInt(), in.readLong());
    ring.readPositions(in);
  }
}
