package dev.millrace.model.learner;

import dev.millrace.model.augment.ImageViews;
import dev.millrace.model.cluster.CollapseGuard;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.eval.PrequentialNeighbours;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Parallel;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What all copies of an {@link ImageReplica} share, with what works on it. */
final class SharedImages {

  // configuration
  private final int windowImages;
  private final Kernels kernels;
  private final Parallel parallel;

  // state
  final ImageModel model;
  final ServedVectors served;
  private final LastGood lastGood;
  final ImageMetrics metrics;
  final ImageIntake intake;
  final ImageMerge merge;
  private final CollapseGuard guard;

  // runtime
  final ImageServing serving;
  final ImageLaneTraining training;

  SharedImages(ImageLearnerConfig config, double mergePower, Kernels kernels, Parallel parallel) {
    this.windowImages = config.output().windowImages();
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
    merge = new ImageMerge(config, mergePower, model, guard, lastGood, metrics);
    serving = new ImageServing(config, kernels, views, model, served);
    intake = new ImageIntake(config, model, serving, served, neighbours, metrics);
    training = new ImageLaneTraining(config.training(), model, guard, lastGood, intake.ring());
  }

  /** Merges what lanes came to; the images of the round are tested on already. */
  ImageMerge.Merged mergeInPlace(List<ImageLaneNews> told) {
    return merge.mergeInPlace(told, intake.recent(), intake.latestTime());
  }

  boolean isWindowFull() {
    return metrics.isWindowFull(windowImages);
  }

  LearningMetrics closeWindow() {
    return metrics.closeWindow(intake.latestTime(), lastGood.rollBacks());
  }

  LearningMetrics total(String digest) {
    return metrics.total(intake.latestTime(), lastGood.rollBacks(), merge.averageLoss(), digest);
  }

  Map<String, Double> figures() {
    return metrics.figures(lastGood.rollBacks());
  }

  void publishPrototypes(LearnerOutput output) {
    serving.publishPrototypes(
        merge.modelVersion(), intake.latestTime(), intake.latestPosition(), output);
  }

  /** Writes everything but where in Kafka the events stand. */
  void writeTo(DataOutput out) throws IOException {
    intake.writeTo(out);
    merge.writeTo(out);
    model.writeSharedTo(out);
    guard.writeTo(out);
    lastGood.writeTo(out);
    metrics.writeTo(out);
  }

  /** Takes over what {@link #writeTo} and then the intake's positions wrote. */
  void readInPlace(DataInput in) throws IOException {
    intake.readInPlace(in);
    merge.readInPlace(in);
    model.readSharedInPlace(in);
    guard.readInPlace(in);
    lastGood.readInPlace(in);
    metrics.readInPlace(in);
    intake.readPositions(in);
  }

  void close() {
    parallel.close();
    kernels.close();
  }
}
