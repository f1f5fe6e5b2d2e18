package dev.millrace.model.learner;

import dev.millrace.model.cluster.CollapseGuard;
import dev.millrace.model.cluster.Verdict;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Picture;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * What every copy makes of the training of a round's lanes, in their order.
 *
 * <p>Weights are merged by {@link ImageWeights}, the averaged weights follow the merged ones by as
 * many steps as all lanes took, usage of the prototypes and the guard take in each of these steps.
 * Dead prototypes are re-seeded here alone, at images of the ring. If the guard finds the merged
 * model unhealthy, it goes back to the last good one.
 *
 * <p>A lane that took its training back has no part in the merge; it halves the rate of all, once a
 * round, as a roll-back does.
 */
final class ImageMerge {

  private static final double LOSS_DECAY = 0.98;

  // configuration
  private final ImageLearnerConfig config;
  private final double power;

  // state
  private final ImageModel model;
  private final ImageWeights weights;
  private final CollapseGuard guard;
  private final LastGood lastGood;
  private final ImageMetrics metrics;
  private final SeededRandom random;
  private long modelVersion;
  private double averageLoss = Double.NaN;

  ImageMerge(
      ImageLearnerConfig config,
      double power,
      ImageModel model,
      CollapseGuard guard,
      LastGood lastGood,
      ImageMetrics metrics) {
    this.config = config;
    this.power = power;
    this.model = model;
    this.weights = model.weights();
    this.guard = guard;
    this.lastGood = lastGood;
    this.metrics = metrics;
    this.random = new SeededRandom(config.seed());
  }

  /** Mini-batches that all lanes have learned. */
  long modelVersion() {
    return modelVersion;
  }

  /** Running loss of the objective. */
  double averageLoss() {
    return averageLoss;
  }

  /**
   * What a merge did.
   *
   * @param events what is to be reported: training that was taken back
   * @param rolledBack whether the model is the last good one again
   * @param prototypesDue whether enough mini-batches were learned for their publication
   */
  record Merged(List<LearningMetrics> events, boolean rolledBack, boolean prototypesDue) {}

  /**
   * Merges.
   *
   * @param recent latest images of the rounds before
   * @param eventTime of what is reported
   */
  Merged mergeInPlace(Collection<ImageLaneNews> told, List<Picture> recent, long eventTime) {
    List<LearningMetrics> events = new ArrayList<>();
    List<ImageWeights.Proposal> proposals = new ArrayList<>();
    List<ImageModel.Outcome> steps = new ArrayList<>();
    long versionBefore = modelVersion;
    for (ImageLaneNews news : told) {
      news.steps().forEach(metrics::noteStep);
      if (news.proposal() != null) {
        proposals.add(news.proposal());
        steps.addAll(news.steps());
        modelVersion += news.batches();
      }
    }
    noteSetbacks(told, events, eventTime);
    boolean rolledBack =
        !proposals.isEmpty() && !learn(proposals, steps, recent, events, eventTime);
    int due = config.output().prototypeBatches();
    return new Merged(events, rolledBack, versionBefore / due != modelVersion / due);
  }

  private void noteSetbacks(
      Collection<ImageLaneNews> told, List<LearningMetrics> events, long eventTime) {
    List<ImageLaneNews.Setback> setbacks =
        told.stream().map(ImageLaneNews::setback).filter(Objects::nonNull).toList();
    if (setbacks.isEmpty()) {
      return;
    }
    lastGood.slowDownInPlace(setbacks.size());
    for (ImageLaneNews.Setback setback : setbacks) {
      metrics.noteQuarantined(setback.batch().size());
      events.add(metrics.event(eventTime, setback.verdict(), model.steps(), lastGood.rollBacks()));
    }
  }

  /** Whether the merged model is healthy; if not it is gone. */
  private boolean learn(
      List<ImageWeights.Proposal> proposals,
      List<ImageModel.Outcome> steps,
      List<Picture> recent,
      List<LearningMetrics> events,
      long eventTime) {
    weights.mergeInPlace(proposals, power);
    long before = model.prototypes().steps();
    model.followInPlace(steps);
    reseed(before, recent);
    Verdict verdict = judge(steps);
    if (verdict != Verdict.HEALTHY) {
      lastGood.rollBackInPlace();
      guard.resetInPlace();
      events.add(metrics.event(eventTime, verdict, model.steps(), lastGood.rollBacks()));
      return false;
    }
    for (ImageModel.Outcome step : steps) {
      double loss = step.loss();
      averageLoss =
          Double.isNaN(averageLoss) ? loss : LOSS_DECAY * averageLoss + (1 - LOSS_DECAY) * loss;
    }
    lastGood.noteHealthyInPlace(steps.size());
    return true;
  }

  /** Looks for dead prototypes as often, in steps, as one lane does. */
  private void reseed(long stepsBefore, List<Picture> recent) {
    int between = config.clusters().reseedSteps();
    if (stepsBefore / between != model.prototypes().steps() / between && !recent.isEmpty()) {
      Matrix unit = model.serve(recent).unit();
      model.prototypes().reseedDeadInPlace(unit, random);
    }
  }

  private Verdict judge(List<ImageModel.Outcome> steps) {
    for (ImageModel.Outcome step : steps) {
      Verdict verdict = guard.judgeInPlace(step.seen(), model.prototypes());
      if (verdict != Verdict.HEALTHY) {
        return verdict;
      }
    }
    return model.isFinite() ? Verdict.HEALTHY : Verdict.NON_FINITE;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeLong(modelVersion);
    out.writeDouble(averageLoss);
    for (long word : random.state()) {
      out.writeLong(word);
    }
  }

  /** Takes over what {@link #writeTo} wrote. */
  void readInPlace(DataInput in) throws IOException {
    modelVersion = in.readLong();
    averageLoss = in.readDouble();
    random.restore(new long[] {in.readLong(), in.readLong()});
  }
}
