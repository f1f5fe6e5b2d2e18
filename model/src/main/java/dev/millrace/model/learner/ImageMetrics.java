package dev.millrace.model.learner;

import dev.millrace.model.cluster.CollapseGuard;
import dev.millrace.model.cluster.Prototypes;
import dev.millrace.model.cluster.Verdict;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.eval.PrequentialNeighbours;
import dev.millrace.model.kernel.CanonicalState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Figures of the image stream, counted from its start and for the open window. */
final class ImageMetrics implements CanonicalState {

  private static final int VERSION_1 = 1;

  private final Prototypes prototypes;
  private final CollapseGuard guard;
  private final PrequentialNeighbours neighbours;

  // state
  private LearningCurve loss = new LearningCurve();
  private LearningCurve clusterLoss = new LearningCurve();
  private long images;
  private long views;
  private long takenSteps;
  private long quarantined;
  private long windowImages;
  private long windowClassified;
  private long windowRight;

  ImageMetrics(Prototypes prototypes, CollapseGuard guard, PrequentialNeighbours neighbours) {
    this.prototypes = prototypes;
    this.guard = guard;
    this.neighbours = neighbours;
  }

  void noteImages(int count) {
    images += count;
    windowImages += count;
  }

  /** A step, healthy or not. */
  void noteStep(ImageModel.Outcome outcome) {
    views += outcome.views();
    takenSteps++;
    if (outcome.seen().finite()) {
      loss.add(outcome.loss());
      clusterLoss.add(outcome.clusterLoss());
    }
  }

  void noteQuarantined(int count) {
    quarantined += count;
  }

  long images() {
    return images;
  }

  long takenSteps() {
    return takenSteps;
  }

  long quarantined() {
    return quarantined;
  }

  boolean isWindowFull(int size) {
    return windowImages >= size;
  }

  /** Figures of the open window, which closes. */
  LearningMetrics closeWindow(long eventTime, long rollBacks) {
    Map<String, Double> figures = figures(rollBacks);
    long classified = neighbours.classified() - windowClassified;
    if (classified > 0) {
      long right = neighbours.right() - windowRight;
      figures.put("knn_top1_prequential_window", (double) right / classified);
    }
    putLoss(figures, "loss", loss.drain());
    putLoss(figures, "cluster_loss", clusterLoss.drain());
    windowImages = 0;
    windowClassified = neighbours.classified();
    windowRight = neighbours.right();
    return new LearningMetrics(
        "window", eventTime, figures, Map.of("prototype_usage", prototypes.usage()), Map.of());
  }

  /** Figures of the whole stream at its end. */
  LearningMetrics total(long eventTime, long rollBacks, double lastLoss, String digest) {
    Map<String, Double> figures = figures(rollBacks);
    putLoss(figures, "loss", lastLoss);
    return new LearningMetrics(
        "total",
        eventTime,
        figures,
        Map.of("prototype_usage", prototypes.usage()),
        Map.of("model_digest", digest));
  }

  /** A verdict other than healthy. */
  LearningMetrics event(long eventTime, Verdict verdict, long backTo, long rollBacks) {
    Map<String, Double> figures = figures(rollBacks);
    figures.put("rolled_back_to_step", (double) backTo);
    return new LearningMetrics(
        "event",
        eventTime,
        figures,
        Map.of("prototype_usage", prototypes.usage()),
        Map.of("event", verdict.id(), "advice", verdict.advice()));
  }

  /** All figures that have a value at any time. */
  Map<String, Double> figures(long rollBacks) {
    Map<String, Double> figures = new TreeMap<>();
    figures.put("ln_k", prototypes.logCount());
    figures.put("prototype_usage_entropy", prototypes.usageEntropy());
    figures.put("prototype_usage_entropy_share", prototypes.usageEntropy() / prototypes.logCount());
    figures.put("largest_share", prototypes.largestShare());
    figures.put("reseeded_prototypes", (double) prototypes.reseeded());
    putLoss(figures, "embedding_variance", guard.variance());
    putLoss(figures, "cluster_loss_running", guard.loss());
    putLoss(figures, "knn_top1_prequential", neighbours.accuracy());
    figures.put("images", (double) images);
    figures.put("steps", (double) takenSteps);
    figures.put("views", (double) views);
    figures.put("quarantined", (double) quarantined);
    figures.put("roll_backs", (double) rollBacks);
    return figures;
  }

  private static void putLoss(Map<String, Double> figures, String name, double value) {
    if (Double.isFinite(value)) {
      figures.put(name, value);
    }
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    loss.writeTo(out);
    clusterLoss.writeTo(out);
    for (long value :
        new long[] {
          images, views, takenSteps, quarantined, windowImages, windowClassified, windowRight
        }) {
      out.writeLong(value);
    }
  }

  void readInPlace(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("image metrics of version " + version + "; this build reads 1");
    }
    loss = LearningCurve.readFrom(in);
    clusterLoss = LearningCurve.readFrom(in);
    images = in.readLong();
    views = in.readLong();
    takenSteps = in.readLong();
    quarantined = in.readLong();
    windowImages = in.readLong();
    windowClassified = in.readLong();
    windowRight = in.readLong();
  }
}
