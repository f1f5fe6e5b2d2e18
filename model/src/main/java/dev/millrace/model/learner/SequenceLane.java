package dev.millrace.model.learner;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.eval.PrequentialEvaluator;
import dev.millrace.model.ranker.BlendLearner;
import dev.millrace.model.ranker.UserPast;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one lane of a {@link SequenceReplica} has for itself. */
final class SequenceLane {

  final SequenceMoments moments;
  final BasketTrainer trainer;

  /** Null where there is no ranker. */
  final BlendLearner blend;

  /** Ranks into the tables of the round. */
  final PrequentialEvaluator evaluator;

  // the round so far
  final List<Interaction> events = new ArrayList<>();
  private final List<double[]> observed = new ArrayList<>();
  private ScoreDistribution scores = new ScoreDistribution();

  // what it learned from the rounds before, to be told with this one
  private final List<Double> losses = new ArrayList<>();
  private long steps;
  private long batches;
  private List<float[]> weights;

  /** Users as the round has left them; the shared state knows them as they were before it. */
  final Map<String, Visit> visits = new HashMap<>();

  /**
   * A user in mid-round.
   *
   * @param items items of the past that the model reads, oldest first
   * @param ages for each, how many baskets ago: 1 for the last basket
   * @param past what the ranker reads; null where there is no ranker
   */
  record Visit(int[] items, int[] ages, UserPast past) {}

  SequenceLane(
      SequenceMoments moments,
      BasketTrainer trainer,
      BlendLearner blend,
      PrequentialEvaluator evaluator) {
    this.moments = moments;
    this.trainer = trainer;
    this.blend = blend;
    this.evaluator = evaluator;
  }

  ScoreDistribution scores() {
    return scores;
  }

  void observed(double[] ofBasket) {
    if (ofBasket != null) {
      observed.add(ofBasket);
    }
  }

  void note(double loss, boolean fresh) {
    steps++;
    if (fresh) {
      batches++;
      if (!Double.isNaN(loss)) {
        losses.add(loss);
      }
    }
  }

  void trained(List<float[]> to) {
    weights = to;
  }

  boolean hasNews() {
    return !events.isEmpty() || weights != null || steps > 0;
  }

  /** Ends the round. */
  LaneNews drain() {
    LaneNews news =
        new LaneNews(
            List.copyOf(events),
            evaluator.drainTotals(),
            List.copyOf(observed),
            scores,
            List.copyOf(losses),
            steps,
            batches,
            weights);
    clear();
    return news;
  }

  private void clear() {
    events.clear();
    observed.clear();
    scores = new ScoreDistribution();
    losses.clear();
    steps = 0;
    batches = 0;
    weights = null;
    visits.clear();
  }

  /** Writes everything but the visits, which follow from the round's events. */
  void writeTo(DataOutput out) throws IOException {
    moments.writeTo(out);
    trainer.writeRandomTo(out);
    trainer.writeBasketsTo(out);
    if (blend != null) {
      blend.writeTo(out);
    }
    new LaneNews(events, evaluator.totals(), observed, scores, losses, steps, batches, weights)
        .writeTo(out);
  }

  /** Reads what {@link #writeTo} wrote. */
  void readInPlace(DataInput in) throws IOException {
    moments.readInPlace(in);
    trainer.readRandomInPlace(in);
    trainer.readBasketsInPlace(in);
    if (blend != null) {
      blend.readInPlace(in);
    }
    LaneNews round = LaneNews.readFrom(in);
    clear();
    events.addAll(round.events);
    evaluator.drainTotals();
    evaluator.add(round.ranked, 0);
    observed.addAll(round.moments);
    scores = round.scores;
    losses.addAll(round.losses);
    steps = round.steps;
    batches = round.batches;
    weights = round.weights;
  }
}
