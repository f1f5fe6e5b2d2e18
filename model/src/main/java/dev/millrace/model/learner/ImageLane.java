package dev.millrace.model.learner;

import dev.millrace.model.kernel.SeededRandom;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What one lane of an {@link ImageReplica} has for itself. */
final class ImageLane {

  final SeededRandom random;

  /** Moments, queue and bank of its training. */
  private ImageMoments moments;

  /** Images that wait for a full mini-batch; rounds that are merged have them. */
  final List<ImageExample> pending = new ArrayList<>();

  // the round so far
  final List<LaneImage> met = new ArrayList<>();

  // what it learned from the rounds before, to be told with this one
  private final List<ImageModel.Outcome> steps = new ArrayList<>();
  private long batches;
  private ImageWeights.Proposal proposal;
  private ImageLaneNews.Setback setback;

  ImageLane(SeededRandom random, ImageMoments moments) {
    this.random = random;
    this.moments = moments;
  }

  ImageMoments moments() {
    return moments;
  }

  /** Begins training anew, after the shared model was taken back. */
  void beginAnew(ImageMoments fresh) {
    moments = fresh;
  }

  /** Notes a step, healthy or not. */
  void note(ImageModel.Outcome step) {
    steps.add(step);
  }

  /** Training is over, and came to this. */
  void propose(ImageWeights.Proposal weights, long ofBatches) {
    proposal = weights;
    batches = ofBatches;
  }

  /** Training is over, and nothing is left of it. */
  void takeBack(ImageLaneNews.Setback reason) {
    setback = reason;
  }

  boolean hasNews() {
    return !met.isEmpty() || !steps.isEmpty();
  }

  /** Ends the round. */
  ImageLaneNews drain() {
    ImageLaneNews news =
        new ImageLaneNews(List.copyOf(met), List.copyOf(steps), batches, proposal, setback);
    clear();
    return news;
  }

  private void clear() {
    met.clear();
    steps.clear();
    batches = 0;
    proposal = null;
    setback = null;
  }

  void writeTo(DataOutput out) throws IOException {
    for (long word : random.state()) {
      out.writeLong(word);
    }
    moments.writeTo(out);
    ImageExample.writeAll(out, pending);
    new ImageLaneNews(met, steps, batches, proposal, setback).writeTo(out);
  }

  /** Reads what {@link #writeTo} wrote. */
  void readInPlace(DataInput in) throws IOException {
    random.restore(new long[] {in.readLong(), in.readLong()});
    moments.readInPlace(in);
    pending.clear();
    pending.addAll(ImageExample.readAll(in));
    ImageLaneNews round = ImageLaneNews.readFrom(in);
    clear();
    met.addAll(round.met());
    steps.addAll(round.steps());
    batches = round.batches();
    proposal = round.proposal();
    setback = round.setback();
  }
}
