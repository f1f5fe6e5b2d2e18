package dev.millrace.model.sequential;

import dev.millrace.model.augment.ViewConfig;
import dev.millrace.model.cluster.IntentPrototypes;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.objective.Nearest;
import java.util.Arrays;
import java.util.List;

/**
 * The methods by name. All have one encoder and the full softmax over all items; they differ in
 * what they contrast.
 */
public enum SequentialMethod {
  SASREC(
      "sasrec",
      "Kang, McAuley, Self-Attentive Sequential Recommendation, ICDM 2018, with cross entropy",
      c -> c.training(null, null)),
  CL4SREC(
      "cl4srec",
      "Xie et al., Contrastive Learning for Sequential Recommendation, ICDE 2022",
      c ->
          c.training(
              new CropMaskReorder(new ViewConfig(0.4, 0.3, 0.6, c.model().mask())), c.contrast())),
  DUOREC(
      "duorec",
      "Qiu, Huang, Yin, Wang, Contrastive Learning for Representation Degeneration Problem in"
          + " Sequential Recommendation, WSDM 2022",
      c -> c.training(new SameTarget(c.split()), c.contrast())),
  COSEREC(
      "coserec",
      "Liu, Chen, Li, Yu, McAuley, Xiong, Contrastive Self-supervised Sequential Recommendation"
          + " with Robust Augmentation, 2021",
      c ->
          c.training(
              new CorrelatedViews(c.split(), c.model().mask(), c.model().window()), c.contrast())),
  ICLREC(
      "iclrec",
      "Chen, Liu, Li, McAuley, Xiong, Intent Contrastive Learning for Sequential Recommendation,"
          + " WWW 2022",
      c -> c.training(c.mildViews(), c.intents())),
  MCLREC(
      "mclrec",
      "Qin et al., Meta-optimized Contrastive Learning for Sequential Recommendation, SIGIR 2023,"
          + " with the three steps of the released code",
      c -> c.mclrec(MclrecTraining.Updates.RELEASED)),
  MCLREC_TWO_STEP(
      "mclrec-two-step",
      "the same with the two steps and the regulariser of the paper",
      c -> c.mclrec(MclrecTraining.Updates.PAPER)),
  MCLREC_JOINT(
      "mclrec-joint",
      "the same with one step on encoder and augmenters",
      c -> c.mclrec(MclrecTraining.Updates.JOINT));

  /** Intents of ICLRec's released scripts. */
  private static final int INTENTS = 256;

  private final String key;
  private final String paper;
  private final Factory factory;

  /** Makes the training of a method. */
  private interface Factory {
    TrainingMethod create(Context context);
  }

  SequentialMethod(String key, String paper, Factory factory) {
    this.key = key;
    this.paper = paper;
    this.factory = factory;
  }

  /**
   * The method of a name.
   *
   * @throws IllegalArgumentException if there is none; the message has the nearest name
   */
  public static SequentialMethod of(String name) {
    return Arrays.stream(values())
        .filter(method -> method.key.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no method '" + name + "'" + Nearest.suggestion(name, names())));
  }

  /** All names. */
  public static List<String> names() {
    return Arrays.stream(values()).map(SequentialMethod::key).toList();
  }

  /** Its name on the command line. */
  public String key() {
    return key;
  }

  /** Authors, title, venue. */
  public String paper() {
    return paper;
  }

  TrainingMethod create(
      Kernels kernels, NextItemModel model, LeaveOneOut split, double rate, SeededRandom random) {
    return factory.create(new Context(kernels, model, split, rate, random));
  }

  private record Context(
      Kernels kernels, NextItemModel model, LeaveOneOut split, double rate, SeededRandom random) {

    NextItemTraining training(ViewPairs pairs, ViewLoss loss) {
      return new NextItemTraining(kernels, model, pairs, loss, rate);
    }

    DotContrast contrast() {
      return new DotContrast(kernels, DotContrast.WEIGHT);
    }

    ViewPairs mildViews() {
      return new CropMaskReorder(new ViewConfig(0.8, 0.7, 0.2, model.mask()));
    }

    IntentContrast intents() {
      return new IntentContrast(
          kernels, new IntentPrototypes(kernels, INTENTS, model.width()), model.width());
    }

    MclrecTraining mclrec(MclrecTraining.Updates updates) {
      return new MclrecTraining(
          kernels,
          model,
          new CropMaskReorder(ViewConfig.STANDARD),
          updates,
          MclrecTraining.Weights.BEAUTY,
          rate,
          random);
    }
  }
}
