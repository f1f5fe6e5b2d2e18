package dev.millrace.model.sequential;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.SeededRandom;
import java.util.Arrays;
import java.util.List;

/**
 * Passes over the training examples in random order until the validation figure rises no more; the
 * model of the best pass is kept.
 *
 * <p>Validation is MRR@10 over all items, the history in the list, as in the released code of
 * MCLRec. The test items are never looked at.
 */
final class SequentialTrainer {

  // configuration
  private final Kernels kernels;
  private final TrainingConfig config;
  private final LeaveOneOut split;

  SequentialTrainer(Kernels kernels, TrainingConfig config, LeaveOneOut split) {
    this.kernels = kernels;
    this.config = config;
    this.split = split;
  }

  /** A trained model and how many passes made it. */
  record Trained(NextItemModel model, int passes, int bestPass, double bestMrrAt10) {}

  /**
   * Trains a method from the start.
   *
   * @throws IllegalArgumentException if no user has more than {@value
   *     InteractionSequences#SHORTEST} items, so that there is nothing to train on
   */
  Trained train(SequentialMethod method, PassReport.Listener listener) {
    if (split.examples() == 0) {
      throw new IllegalArgumentException(
          "no user has more than three items: nothing is left to train on");
    }
    SeededRandom random = new SeededRandom(SeededRandom.mix(config.seed()));
    NextItemModel model =
        new NextItemModel(kernels, config.encoder(), split.data().items(), random);
    TrainingMethod training = method.create(kernels, model, split, config.rate(), random);
    FullRanking ranking =
        new FullRanking(
            split, ItemPopularity.before(LeaveOneOut.Target.VALIDATION, split).places());
    EarlyStopping stopping = new EarlyStopping(config.patience());
    List<float[]> best = model.snapshot();
    int pass = 0;
    while (pass < config.passes() && !stopping.isOver()) {
      pass++;
      long started = System.nanoTime();
      double loss = pass(pass, training, random, listener);
      var figures = ranking.rank(LeaveOneOut.Target.VALIDATION, model).unmasked();
      boolean isBest = stopping.isBest(figures.mrrAt(10));
      if (isBest) {
        best = model.snapshot();
      }
      listener.passed(
          new PassReport(
              pass,
              loss,
              figures.mrrAt(10),
              figures.ndcgAt(10),
              (System.nanoTime() - started) / 1e9,
              isBest));
    }
    model.restoreInPlace(best);
    return new Trained(model, pass, stopping.bestPass(), stopping.best());
  }

  private double pass(
      int pass, TrainingMethod training, SeededRandom random, PassReport.Listener listener) {
    int[] order = new int[split.examples()];
    Arrays.setAll(order, e -> e);
    random.shuffle(order);
    double sum = 0;
    for (int from = 0; from < order.length; from += config.batch()) {
      int to = Math.min(order.length, from + config.batch());
      double loss = training.step(ExampleBatch.of(split, order, from, to), random);
      sum += loss * (to - from);
      listener.stepped(pass, (double) to / order.length, sum / to);
    }
    return sum / order.length;
  }
}
