package dev.millrace.model.learner;

import dev.millrace.model.cluster.IntentAttraction;
import dev.millrace.model.cluster.IntentPrototypes;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.memory.ParameterRows;
import java.util.ArrayList;
import java.util.List;

/**
 * A contrastive loss between views of each history: {@code weight * objective(z1, z2, ...)} with
 * {@code z} the Transformer's state at the end of a view ({@link HistoryViews}).
 *
 * <p>Histories of fewer than two items have no views and take no part. What else the objective
 * takes (bank, labels, weights of its own) follows its {@link ObjectiveFeed}; states of the second
 * view enter the bank after the loss.
 */
final class ContrastiveTerm {

  // configuration
  private final double weight;
  private final int viewCount;
  private final int window;

  // runtime
  private final ObjectiveCall call;
  private final NegativeBank bank;
  private final HistoryViews views;
  private final QueryBatch batch;
  private final ItemRows rows;
  private final RowBuffer gradientStates;

  /** Null where there are no intents. */
  private final IntentAttraction intents;

  /**
   * @param weights the objective's own
   * @param prototypes intents that the views are drawn to in addition; null for none
   * @param bank negatives for objectives that want a bank; null where the objective has none
   */
  ContrastiveTerm(
      Kernels kernels,
      SequenceLearnerConfig config,
      ItemRows rows,
      HistoryViews views,
      ObjectiveFeed feed,
      ObjectiveWeights weights,
      NegativeBank bank,
      IntentPrototypes prototypes) {
    this.rows = rows;
    this.views = views;
    this.call = new ObjectiveCall(kernels, feed, weights, bank, null);
    this.bank = bank;
    this.window = config.model().window();
    this.weight = config.training().objectiveWeight();
    this.viewCount = feed.views(config.training().views());
    this.batch = new QueryBatch(config, rows);
    this.intents =
        prototypes == null
            ? null
            : new IntentAttraction(kernels, prototypes, config.model().width());
    this.gradientStates = new RowBuffer(kernels, config.model().width());
  }

  /**
   * Adds the gradients to towers, items and the objective's own weights.
   *
   * @param step number of this optimisation step, the age of what enters the bank
   * @return the weighted loss
   */
  double addGradients(
      List<BasketExample> examples,
      SequenceTower tower,
      ParameterRows items,
      SeededRandom random,
      long step,
      Matrix gradientOfItems) {
    long seed = random.nextLong();
    List<BasketExample> used = drawViews(examples, random);
    if (used.isEmpty()) {
      return 0;
    }
    int count = used.size();
    Matrix states = tower.encode(batch, items, true, seed);
    Matrix gradient = gradientStates.rows(states.rows());
    int ofViews = viewCount * count;
    double loss =
        call.evaluate(
            used, states.head(ofViews), viewCount, weight, random, gradient.head(ofViews));
    if (intents != null) {
      loss += attract(states, gradient, count);
    }
    if (bank != null) {
      bank.enqueue(states.rows(count, 2 * count), used, step);
    }
    tower.backwardFromStates(batch, gradient, gradientOfItems);
    return loss;
  }

  /** Draws the views to the intents of the histories, whose states are the last. */
  private double attract(Matrix states, Matrix gradient, int count) {
    int own = viewCount * count;
    Matrix ofOwn = gradient.rows(own, own + count);
    ofOwn.copyFrom(new float[count * ofOwn.columns()], 0);
    List<Matrix> parts = new ArrayList<>();
    List<Matrix> gradients = new ArrayList<>();
    for (int v = 0; v < viewCount; v++) {
      parts.add(states.rows(v * count, (v + 1) * count));
      gradients.add(gradient.rows(v * count, (v + 1) * count));
    }
    Matrix histories = states.rows(own, own + count);
    double loss = intents.addGradients(histories, parts, gradients, weight);
    intents.learn(histories);
    return loss;
  }

  /** Fills the batch with all first views, then all second views, and so on; last the histories. */
  private List<BasketExample> drawViews(List<BasketExample> examples, SeededRandom random) {
    List<BasketExample> used = new ArrayList<>();
    List<HistoryViews.View[]> drawn = new ArrayList<>();
    for (BasketExample example : examples) {
      int[] present = rows.presentPlaces(example.history(), window);
      if (present.length >= 2) {
        used.add(example);
        drawn.add(views.draw(example, present, viewCount, random));
      }
    }
    List<int[]> histories = new ArrayList<>();
    List<int[]> ages = new ArrayList<>();
    List<int[]> places = new ArrayList<>();
    for (int v = 0; v < viewCount; v++) {
      for (HistoryViews.View[] own : drawn) {
        histories.add(own[v].items());
        ages.add(own[v].ages());
        places.add(own[v].places());
      }
    }
    if (intents != null) {
      for (BasketExample example : used) {
        histories.add(example.history());
        ages.add(example.ages());
        places.add(rows.presentPlaces(example.history(), window));
      }
    }
    batch.fillForViews(histories, ages, places);
    return used;
  }
}
