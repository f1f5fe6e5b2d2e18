package dev.millrace.model.learner;

import dev.millrace.model.augment.ImageViewConfig;
import dev.millrace.model.cluster.GuardConfig;
import dev.millrace.model.cluster.PrototypesConfig;
import dev.millrace.model.encoder.ConvEncoderConfig;
import dev.millrace.model.encoder.PatchCodesConfig;
import dev.millrace.model.memory.MemoryBankConfig;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.optimizer.LearningRate;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that decides what an {@link ImageLearner} learns.
 *
 * @param model encoder and served vector
 * @param training steps, rates and losses
 * @param views how an image is seen
 * @param clusters prototypes and their assignment
 * @param guard when the model counts as collapsed
 * @param output what is published and reported
 * @param seed seed of initial weights and of every draw
 */
public record ImageLearnerConfig(
    Model model,
    Training training,
    ImageViewConfig views,
    Clusters clusters,
    GuardConfig guard,
    Output output,
    long seed)
    implements Serializable {

  /**
   * Encoder and served vector.
   *
   * @param encoder shape of the convolutional network
   * @param average momentum of the averaged weights that serve, in [0, 1)
   * @param whiteningFloor smallest variance that the served vector is divided by, as a part of the
   *     largest, in [0, 1]
   * @param whiteningDecay what an image's weight in the running covariance is multiplied by with
   *     each later image, in (0, 1]
   * @param patches codes of patches that the learned vector is joined with; null for none
   * @param learnedWeight length of the learned part beside codes of length 1, above 0
   */
  public record Model(
      ConvEncoderConfig encoder,
      double average,
      double whiteningFloor,
      double whiteningDecay,
      PatchCodesConfig patches,
      double learnedWeight)
      implements Serializable {

    public static final Model STANDARD =
        new Model(ConvEncoderConfig.STANDARD, 0.99, 0.01, 0.9995, PatchCodesConfig.STANDARD, 0.7);

    public Model {
      if (!(learnedWeight > 0)) {
        throw new IllegalArgumentException("learnedWeight is above 0, was " + learnedWeight);
      }
    }

    /** The same without codes of patches: the learned vector alone. */
    public Model learnedAlone() {
      return new Model(encoder, average, whiteningFloor, whiteningDecay, null, learnedWeight);
    }

    /** Length of a served vector. */
    public int servedWidth() {
      return encoder.width() + (patches == null ? 0 : patches.dimensions());
    }
  }

  /** What trains encoder and prototypes. */
  public enum Method {
    ADAM,
    LARS,
    /** Stochastic gradient descent with momentum. */
    SGD
  }

  /** The learning rate over the steps; each begins with a warm-up. */
  public enum Schedule {
    /** The same for ever. */
    CONSTANT,
    /** Falls with the root of the number of steps since the warm-up. */
    INVERSE_ROOT,
    /** Half a cosine over the expected number of images, then a fiftieth. */
    COSINE
  }

  /** What an objective that is guided by labels takes for the label of an image. */
  public enum Labels {
    /** Nothing: such objectives are refused. */
    NONE,
    /** The label of the event; an image without one is a class of its own. */
    LABEL,
    /** The nearest prototype. */
    CLUSTER
  }

  /**
   * Training.
   *
   * @param batchImages new images that make a mini-batch
   * @param replaySteps further steps on images drawn from the ring and the mini-batch
   * @param ringImages recent images kept for them
   * @param method optimizer
   * @param rate highest learning rate
   * @param weightDecay L2 term
   * @param schedule rate over the steps
   * @param warmUpSteps steps of the straight line up to the highest rate
   * @param expectedImages images of the whole stream, for the cosine; 0 where it has no end
   * @param objective name of the objective
   * @param objectiveParameters its own parameters, such as {@code tau}; what is absent has the
   *     objective's default
   * @param labels what it takes for a label
   * @param bankEntries negatives kept for each cluster
   * @param bankEnough negatives of its own cluster with which an image needs no others
   * @param goodSteps healthy steps after which the model is kept as the last good one
   */
  public record Training(
      int batchImages,
      int replaySteps,
      int ringImages,
      Method method,
      double rate,
      double weightDecay,
      Schedule schedule,
      int warmUpSteps,
      long expectedImages,
      String objective,
      SortedMap<String, String> objectiveParameters,
      Labels labels,
      int bankEntries,
      int bankEnough,
      int goodSteps)
      implements Serializable {

    /** For objectives that contrast images with each other. */
    public static final Training STANDARD =
        new Training(
            64,
            9,
            1500,
            Method.ADAM,
            4e-3,
            1e-5,
            Schedule.CONSTANT,
            150,
            0,
            "dcl",
            new TreeMap<>(Map.of("tau", "0.2")),
            Labels.NONE,
            64,
            32,
            50);

    /** For swapped prediction. */
    public static final Training SWAV =
        STANDARD
            .withBatch(128, 9, 1500)
            .withRate(Method.ADAM, 2e-3)
            .withObjective("swav", Map.of());

    public Training {
      requirePositive("batchImages", batchImages);
      requirePositive("ringImages", ringImages);
      requirePositive("bankEntries", bankEntries);
      requirePositive("warmUpSteps", warmUpSteps);
      requirePositive("goodSteps", goodSteps);
      if (batchImages < 2) {
        throw new IllegalArgumentException("batchImages is at least 2: one image has no contrast");
      }
      if (replaySteps < 0 || bankEnough < 0 || !(rate > 0) || !(weightDecay >= 0)) {
        throw new IllegalArgumentException(
            "replaySteps, bankEnough and weightDecay are at least 0, rate is above 0");
      }
      if (schedule == Schedule.COSINE
          && stepsOf(expectedImages, batchImages, replaySteps) <= warmUpSteps) {
        throw new IllegalArgumentException(
            "a cosine needs expectedImages, enough for more steps than the "
                + warmUpSteps
                + " of the warm-up, was "
                + expectedImages
                + "; take the schedule CONSTANT for a stream without end");
      }
      objectiveParameters = Collections.unmodifiableSortedMap(new TreeMap<>(objectiveParameters));
    }

    private static long stepsOf(long images, int batch, int replaySteps) {
      return images / batch * (1 + replaySteps);
    }

    LearningRate learningRate() {
      return switch (schedule) {
        case CONSTANT -> LearningRate.warmUp(rate, warmUpSteps);
        case INVERSE_ROOT -> LearningRate.inverseRoot(rate, warmUpSteps);
        case COSINE ->
            LearningRate.cosine(
                rate, rate / 50, warmUpSteps, stepsOf(expectedImages, batchImages, replaySteps));
      };
    }

    /** The same with another objective and these parameters of it. */
    public Training withObjective(String name, Map<String, String> parameters) {
      return new Training(
          batchImages,
          replaySteps,
          ringImages,
          method,
          rate,
          weightDecay,
          schedule,
          warmUpSteps,
          expectedImages,
          name,
          new TreeMap<>(parameters),
          labels,
          bankEntries,
          bankEnough,
          goodSteps);
    }

    /** The same with other batches. */
    public Training withBatch(int images, int replays, int ring) {
      return new Training(
          images,
          replays,
          ring,
          method,
          rate,
          weightDecay,
          schedule,
          warmUpSteps,
          expectedImages,
          objective,
          objectiveParameters,
          labels,
          bankEntries,
          bankEnough,
          goodSteps);
    }

    /** The same with another optimizer and rate. */
    public Training withRate(Method other, double highest) {
      return new Training(
          batchImages,
          replaySteps,
          ringImages,
          other,
          highest,
          weightDecay,
          schedule,
          warmUpSteps,
          expectedImages,
          objective,
          objectiveParameters,
          labels,
          bankEntries,
          bankEnough,
          goodSteps);
    }

    /** The same with another schedule. */
    public Training withSchedule(Schedule other, int warmUp, long images) {
      return new Training(
          batchImages,
          replaySteps,
          ringImages,
          method,
          rate,
          weightDecay,
          other,
          warmUp,
          images,
          objective,
          objectiveParameters,
          labels,
          bankEntries,
          bankEnough,
          goodSteps);
    }

    /** The same with other labels. */
    public Training withLabels(Labels from) {
      return new Training(
          batchImages,
          replaySteps,
          ringImages,
          method,
          rate,
          weightDecay,
          schedule,
          warmUpSteps,
          expectedImages,
          objective,
          objectiveParameters,
          from,
          bankEntries,
          bankEnough,
          goodSteps);
    }
  }

  /**
   * Prototypes and their assignment.
   *
   * @param count number K of prototypes, at most half the images that an assignment balances
   * @param epsilon sharpness of the balanced assignment
   * @param tau temperature of the prediction
   * @param iterations rounds of balancing
   * @param queue older embeddings that take part in it, for each of two views; 0 for none
   * @param freezeSteps steps at the start in which prototypes do not move
   * @param usageDecay share of the running usage that a step keeps
   * @param relaxation weight of the running usage in the targets of the balance, for streams that
   *     drift; 0 for equal shares
   * @param deadShare running usage, as a share of 1/K, below which a prototype is re-seeded
   * @param reseedSteps steps between two looks for such
   */
  public record Clusters(
      int count,
      double epsilon,
      double tau,
      int iterations,
      int queue,
      int freezeSteps,
      double usageDecay,
      double relaxation,
      double deadShare,
      int reseedSteps)
      implements Serializable {

    /** Beside an objective that contrasts images. */
    public static final Clusters STANDARD =
        new Clusters(64, 0.05, 0.2, 3, 256, 0, 0.99, 0, 0.1, 50);

    /** For swapped prediction as the objective. */
    public static final Clusters SWAV = STANDARD.withCount(64, 0);

    public Clusters {
      if (queue < 0) {
        throw new IllegalArgumentException("queue is at least 0, was " + queue);
      }
    }

    /** Parameters of the objectives that assign to these prototypes. */
    Map<String, Object> parametersOf(Objectives objective, int views) {
      return switch (objective) {
        case SWAV ->
            Map.of("tau", tau, "epsilon", epsilon, "iterations", iterations, "crops", views);
        case AGREEMENT -> Map.of("tau", tau, "epsilon", epsilon, "iterations", iterations);
        default -> Map.of();
      };
    }

    /** The same with other numbers of prototypes and of older embeddings. */
    public Clusters withCount(int prototypes, int queued) {
      return new Clusters(
          prototypes,
          epsilon,
          tau,
          iterations,
          queued,
          freezeSteps,
          usageDecay,
          relaxation,
          deadShare,
          reseedSteps);
    }

    /** The same with another sharpness and temperature. */
    public Clusters withSharpness(double sharpness, double temperature) {
      return new Clusters(
          count,
          sharpness,
          temperature,
          iterations,
          queue,
          freezeSteps,
          usageDecay,
          relaxation,
          deadShare,
          reseedSteps);
    }

    /** The same with a freeze at the start and with targets that follow the stream. */
    public Clusters withFreeze(int steps, double rho) {
      return new Clusters(
          count, epsilon, tau, iterations, queue, steps, usageDecay, rho, deadShare, reseedSteps);
    }
  }

  /**
   * What is published and reported.
   *
   * @param topClusters clusters named beside an image
   * @param prototypeBatches mini-batches between two publications of the prototypes
   * @param windowImages images after which a window of the metrics closes
   * @param neighbours latest labelled images by which the next ones are classified
   */
  public record Output(int topClusters, int prototypeBatches, int windowImages, int neighbours)
      implements Serializable {

    public static final Output STANDARD = new Output(3, 16, 1000, 5000);

    public Output {
      requirePositive("topClusters", topClusters);
      requirePositive("prototypeBatches", prototypeBatches);
      requirePositive("windowImages", windowImages);
      requirePositive("neighbours", neighbours);
    }
  }

  /**
   * @throws IllegalArgumentException if a stream of images cannot feed the objective or the
   *     prototypes are too many for the images that share them; the message says what to do
   */
  public ImageLearnerConfig {
    requireBalance(clusters, training);
    if (views.large().count() < 2) {
      throw new IllegalArgumentException(
          "an image is learned from at least 2 large views, were " + views.large().count());
    }
    if (model.patches() != null && model.patches().side() != views.large().size()) {
      throw new IllegalArgumentException(
          "codes of patches are made for pictures of %d pixels a side, large views have %d: give"
                  .formatted(model.patches().side(), views.large().size())
              + " both the same");
    }
    feedOf(training, clusters, views.large().count() + views.small().count());
    prototypesOf(clusters, 1);
  }

  private static void requireBalance(Clusters clusters, Training training) {
    int balanced = training.batchImages + clusters.queue;
    if (clusters.count > balanced / 2) {
      throw new IllegalArgumentException(
          "%d prototypes cannot share %d images (a batch of %d and a queue of %d) evenly: less than"
                  .formatted(clusters.count, balanced, training.batchImages, clusters.queue)
              + " two images would be left for each and the balance would mean nothing. Take at"
              + " most %d prototypes, or a queue of at least %d"
                  .formatted(balanced / 2, 2 * clusters.count - training.batchImages));
    }
    if (clusters.queue > 0 && clusters.queue < training.batchImages) {
      throw new IllegalArgumentException(
          "a queue of %d holds less than a batch of %d: lengthen it, or take 0 for none"
              .formatted(clusters.queue, training.batchImages));
    }
  }

  /** Why a stream of labelled images cannot feed an objective; empty if it can. */
  public static Optional<String> refusal(Objectives objective) {
    try {
      standard(1).withObjective(objective.key(), Map.of(), Labels.LABEL);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** The configuration whose figures the README reports. */
  public static ImageLearnerConfig standard(long seed) {
    return new ImageLearnerConfig(
        Model.STANDARD,
        Training.STANDARD,
        ImageViewConfig.STANDARD,
        Clusters.STANDARD,
        GuardConfig.STANDARD,
        Output.STANDARD,
        seed);
  }

  /** The best known settings for an objective. */
  public static ImageLearnerConfig standard(String objective, long seed) {
    return objective.equals(Objectives.SWAV.key())
        ? standard(seed).with(Training.SWAV).with(Clusters.SWAV)
        : standard(seed).withObjective(objective, Map.of(), Labels.NONE);
  }

  /** The same with another objective and these parameters of it. */
  public ImageLearnerConfig withObjective(
      String name, Map<String, String> parameters, Labels labels) {
    return with(training.withObjective(name, parameters).withLabels(labels));
  }

  /** The same with another training. */
  public ImageLearnerConfig with(Training other) {
    return new ImageLearnerConfig(model, other, views, clusters, guard, output, seed);
  }

  /** The same with other clusters; a training that does not fit them is refused. */
  public ImageLearnerConfig with(Clusters other) {
    return new ImageLearnerConfig(model, training, views, other, guard, output, seed);
  }

  /** The same with another model. */
  public ImageLearnerConfig with(Model other) {
    return new ImageLearnerConfig(other, training, views, clusters, guard, output, seed);
  }

  /** The same with other views. */
  public ImageLearnerConfig with(ImageViewConfig other) {
    return new ImageLearnerConfig(model, training, other, clusters, guard, output, seed);
  }

  /** The same with another output. */
  public ImageLearnerConfig with(Output other) {
    return new ImageLearnerConfig(model, training, views, clusters, guard, other, seed);
  }

  /** The same with another guard. */
  public ImageLearnerConfig with(GuardConfig other) {
    return new ImageLearnerConfig(model, training, views, clusters, other, output, seed);
  }

  int viewCount() {
    return views.large().count() + views.small().count();
  }

  ObjectiveFeed feed() {
    return feedOf(training, clusters, viewCount());
  }

  private static ObjectiveFeed feedOf(Training training, Clusters clusters, int views) {
    Objectives objective = Objectives.of(training.objective);
    Map<String, Object> parameters = new TreeMap<>(clusters.parametersOf(objective, views));
    parameters.putAll(training.objectiveParameters);
    return ObjectiveFeed.of(FeedStream.images(training, clusters.count), objective, parameters);
  }

  PrototypesConfig prototypes() {
    return prototypesOf(clusters, model.encoder().head().width());
  }

  private static PrototypesConfig prototypesOf(Clusters clusters, int width) {
    return new PrototypesConfig(
        clusters.count,
        width,
        clusters.freezeSteps,
        clusters.usageDecay,
        clusters.relaxation,
        clusters.deadShare,
        clusters.reseedSteps);
  }

  MemoryBankConfig bank() {
    int width = model.encoder().head().width();
    return new MemoryBankConfig(
        width, training.bankEntries, clusters.count, training.bankEntries * clusters.count);
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, was " + value);
    }
  }
}
