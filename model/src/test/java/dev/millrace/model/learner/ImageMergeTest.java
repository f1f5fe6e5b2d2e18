package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.augment.ImageViews;
import dev.millrace.model.cluster.CollapseGuard;
import dev.millrace.model.cluster.Verdict;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.eval.PrequentialNeighbours;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Parallel;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageMergeTest {

  private static final double POWER = 0.5;

  private final ImageLearnerConfig config = ImageStreams.config(1);
  private final Kernels kernels = new CpuKernels(1);
  private final ImageViews views = new ImageViews(config.views(), new Parallel(1));
  private final ImageModel model = new ImageModel(config, kernels, views);
  private final LastGood lastGood =
      new LastGood(model::writeSharedTo, model::readSharedInPlace, 100);
  private final CollapseGuard guard = new CollapseGuard(config.guard());
  private final ImageMetrics metrics =
      new ImageMetrics(model.prototypes(), guard, new PrequentialNeighbours(kernels, 16, 100));
  private final ImageMerge merge = new ImageMerge(config, POWER, model, guard, lastGood, metrics);

  private static ImageModel.Outcome step(int... nearest) {
    return new ImageModel.Outcome(
        1, 2, new CollapseGuard.Observation(2, false, 0.5, true), 4, nearest);
  }

  private static ImageLaneNews trained(
      ImageWeights.Proposal proposal, ImageModel.Outcome... steps) {
    return new ImageLaneNews(List.of(), List.of(steps), 1, proposal, null);
  }

  private ImageMerge.Merged merge(ImageLaneNews... told) {
    return merge.mergeInPlace(List.of(told), List.of(), 7);
  }

  @Test
  void changesOfWeightsAreAddedByThePowerAndStatisticsAreTheirMean() {
    ImageWeights.Proposal base = model.weights().read();
    ImageWeights.Proposal one = model.weights().read();
    ImageWeights.Proposal two = model.weights().read();
    one.weights().get(0)[3] += 1;
    two.weights().get(0)[3] += 2;
    one.statistics().get(0)[0] = 5;
    two.statistics().get(0)[0] = 1;
    merge(trained(one, step(0, 1), step(0, 1)), trained(two, step(2, 3)));
    ImageWeights.Proposal merged = model.weights().read();
    assertThat((double) merged.weights().get(0)[3])
        .isCloseTo(base.weights().get(0)[3] + 3 / Math.sqrt(2), within(1e-5));
    assertThat(merged.statistics().get(0)[0]).isEqualTo(3);
    assertThat(model.steps()).isEqualTo(3);
    assertThat(merge.modelVersion()).isEqualTo(2);
    assertThat(merge.averageLoss()).isEqualTo(1);
    assertThat(model.clusterLoss()).isEqualTo(2);
    assertThat(metrics.takenSteps()).isEqualTo(3);
  }

  @Test
  void mergedWeightsThatAreNoNumbersAreTakenBack() {
    ImageWeights.Proposal base = model.weights().read();
    ImageWeights.Proposal broken = model.weights().read();
    broken.weights().get(0)[0] = Float.NaN;
    ImageMerge.Merged merged = merge(trained(broken, step(0, 1)));
    assertThat(merged.rolledBack()).isTrue();
    assertThat(merged.events()).hasSize(1);
    assertThat(merged.events().get(0).labels()).containsEntry("event", "NonFinite");
    assertThat(model.isFinite()).isTrue();
    assertThat(model.weights().read().weights().get(0)).isEqualTo(base.weights().get(0));
    assertThat(model.steps()).isZero();
    assertThat(lastGood.rateFactor()).isEqualTo(0.5);
  }

  @Test
  void lanesThatTookTheirTrainingBackChangeNoWeightAndHalveTheRateOnce() {
    ImageWeights.Proposal base = model.weights().read();
    ImageExample image =
        new ImageExample("a", new Picture(1, 1, new byte[3]), -1, false, position(), 5);
    ImageLaneNews setBack =
        new ImageLaneNews(
            List.of(),
            List.of(step(0, 1)),
            0,
            null,
            new ImageLaneNews.Setback(Verdict.NON_FINITE, List.of(image)));
    ImageMerge.Merged merged = merge(setBack, setBack);
    assertThat(merged.rolledBack()).isFalse();
    assertThat(merged.events()).hasSize(2);
    assertThat(model.weights().read().weights().get(0)).isEqualTo(base.weights().get(0));
    assertThat(lastGood.rateFactor()).isEqualTo(0.5);
    assertThat(lastGood.rollBacks()).isEqualTo(2);
    assertThat(metrics.quarantined()).isEqualTo(2);
    assertThat(merge.modelVersion()).isZero();
  }

  private static SourcePosition position() {
    return new SourcePosition("images", 0, 3);
  }

  @Test
  void deadPrototypesAreReseededWhereTheStepsOfAllLanesPassTheirTurn() {
    // All usage goes to prototypes 0 and 1; looked for every 10 steps.
    ImageModel.Outcome[] steps = new ImageModel.Outcome[70];
    Arrays.fill(steps, step(0, 1));
    List<Picture> recent =
        Collections.nCopies(
            4, views.reduced(ImageStreams.groups(0, 1).get(0).events().get(0).picture()));
    merge.mergeInPlace(List.of(trained(model.weights().read(), steps)), recent, 7);
    assertThat(model.prototypes().reseeded()).isEqualTo(4);
  }

  @Test
  void weightsOfAnotherModelAreRefused() {
    ImageWeights.Proposal other =
        new ImageWeights.Proposal(List.of(new float[3]), model.weights().read().statistics());
    assertThatThrownBy(() -> merge(trained(other, step(0, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("all lanes need one");
  }
}
