package dev.millrace.model.learner;

import dev.millrace.model.cluster.CollapseGuard;
import dev.millrace.model.cluster.Verdict;
import dev.millrace.model.kernel.Texts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one lane of images met in a round, and what came of its training after the round before.
 *
 * @param met in the order of event time, then of position
 * @param steps what its steps have shown, the one that was taken back among them
 * @param batches new mini-batches among what it proposes
 * @param proposal the weights that it came to; null if it did not train or took all back
 * @param setback why it took its training back; null if it did not
 */
record ImageLaneNews(
    List<LaneImage> met,
    List<ImageModel.Outcome> steps,
    long batches,
    ImageWeights.Proposal proposal,
    Setback setback) {

  private static final int VERSION_1 = 1;

  /**
   * A step after which a lane took its training back.
   *
   * @param verdict on that step
   * @param batch its images
   */
  record Setback(Verdict verdict, List<ImageExample> batch) {

    /** Whether a step on this image was taken back. */
    boolean concerns(ImageExample example) {
      return batch.stream()
          .anyMatch(
              other -> other.eventTime() == example.eventTime() && other.id().equals(example.id()));
    }
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeInt(met.size());
    for (LaneImage image : met) {
      image.writeTo(out);
    }
    out.writeInt(steps.size());
    for (ImageModel.Outcome step : steps) {
      write(out, step);
    }
    out.writeLong(batches);
    ImageWeights.Proposal.write(out, proposal);
    Texts.write(out, setback == null ? "" : setback.verdict().name());
    if (setback != null) {
      ImageExample.writeAll(out, setback.batch());
    }
  }

  static ImageLaneNews readFrom(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException(
          "an image lane's news of version "
              + version
              + "; this build reads 1: let all task managers run one build");
    }
    List<LaneImage> met = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      met.add(LaneImage.readFrom(in));
    }
    List<ImageModel.Outcome> steps = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      steps.add(readStep(in));
    }
    long batches = in.readLong();
    ImageWeights.Proposal proposal = ImageWeights.Proposal.read(in);
    String verdict = Texts.read(in);
    Setback setback =
        verdict.isEmpty() ? null : new Setback(Verdict.valueOf(verdict), ImageExample.readAll(in));
    return new ImageLaneNews(met, steps, batches, proposal, setback);
  }

  private static void write(DataOutput out, ImageModel.Outcome step) throws IOException {
    CollapseGuard.Observation seen = step.seen();
    out.writeDouble(step.loss());
    out.writeDouble(step.clusterLoss());
    out.writeDouble(seen.loss());
    out.writeBoolean(seen.pinnable());
    out.writeDouble(seen.variance());
    out.writeBoolean(seen.finite());
    out.writeInt(step.views());
    out.writeInt(step.nearest().length);
    for (int prototype : step.nearest()) {
      out.writeInt(prototype);
    }
  }

  private static ImageModel.Outcome readStep(DataInput in) throws IOException {
    double loss = in.readDouble();
    double clusterLoss = in.readDouble();
    CollapseGuard.Observation seen =
        new CollapseGuard.Observation(
            in.readDouble(), in.readBoolean(), in.readDouble(), in.readBoolean());
    int views = in.readInt();
    int[] nearest = new int[in.readInt()];
    for (int i = 0; i < nearest.length; i++) {
      nearest[i] = in.readInt();
    }
    return new ImageModel.Outcome(loss, clusterLoss, seen, views, nearest);
  }
}
