package dev.millrace.model.learner;

import dev.millrace.model.cluster.CollapseGuard;
import dev.millrace.model.cluster.Verdict;
import dev.millrace.model.kernel.CanonicalState;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains lanes on the model that all share, each from the same weights; afterwards the model is as
 * it was. What a lane came to is a proposal.
 *
 * <p>A step that is not healthy, by a guard that has seen what the shared one has, ends the lane's
 * training: weights and moments are as before, and the images of that step are set aside. Dead
 * prototypes are not re-seeded here: each lane would do it in its own way.
 */
final class ImageLaneTraining {

  private final ImageLearnerConfig.Training training;
  private final ImageModel model;
  private final ImageWeights weights;
  private final CollapseGuard guard;
  private final LastGood lastGood;
  private final ImageRing ring;

  /**
   * @param ring images of all lanes that are replayed, those that wait for their mini-batch among
   *     them
   */
  ImageLaneTraining(
      ImageLearnerConfig.Training training,
      ImageModel model,
      CollapseGuard guard,
      LastGood lastGood,
      ImageRing ring) {
    this.training = training;
    this.model = model;
    this.weights = model.weights();
    this.guard = guard;
    this.lastGood = lastGood;
    this.ring = ring;
  }

  /** Trains on all full mini-batches. */
  void learn(ImageLane lane) {
    if (lane.pending.size() >= training.batchImages()) {
      fromBase(lane, training.batchImages());
    }
  }

  /** Trains on all that waits; one image alone has no contrast. */
  void learnRest(ImageLane lane) {
    if (lane.pending.size() > 1) {
      fromBase(lane, 2);
    }
    lane.pending.clear();
  }

  /**
   * @param least images that a mini-batch has at least
   */
  private void fromBase(ImageLane lane, int least) {
    byte[] base = CanonicalState.bytesOf(model::writeSharedTo);
    byte[] moments = CanonicalState.bytesOf(lane.moments());
    model.use(lane.moments());
    CollapseGuard watching = guard.copy();
    ImageLaneNews.Setback setback = null;
    long batches = 0;
    while (setback == null && lane.pending.size() >= least) {
      int size = Math.min(lane.pending.size(), training.batchImages());
      List<ImageExample> arrivals = new ArrayList<>(lane.pending.subList(0, size));
      lane.pending.subList(0, size).clear();
      setback = learn(lane, arrivals, watching);
      batches++;
    }
    if (setback == null) {
      lane.propose(weights.read(), batches);
    } else {
      lane.takeBack(setback);
      CanonicalState.read(moments, lane.moments()::readInPlace);
    }
    CanonicalState.read(base, model::readSharedInPlace);
  }

  /** Learns a mini-batch; why its training ends, or null. */
  private ImageLaneNews.Setback learn(
      ImageLane lane, List<ImageExample> arrivals, CollapseGuard watching) {
    ImageLaneNews.Setback setback = step(lane, arrivals, watching);
    for (int i = 0; i < training.replaySteps() && setback == null && ring.size() > 1; i++) {
      setback = step(lane, ring.draw(List.of(), training.batchImages(), lane.random), watching);
    }
    return setback;
  }

  private ImageLaneNews.Setback step(
      ImageLane lane, List<ImageExample> drawn, CollapseGuard watching) {
    List<ImageExample> batch = List.copyOf(drawn);
    ImageModel.Outcome outcome = model.step(batch, lastGood.rateFactor(), lane.random);
    lane.note(outcome);
    Verdict verdict = watching.judgeInPlace(outcome.seen(), model.prototypes());
    return verdict == Verdict.HEALTHY ? null : new ImageLaneNews.Setback(verdict, batch);
  }
}
