package dev.millrace.model.learner;

import dev.millrace.model.learner.ObjectiveFeed.Source;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What a kind of stream can offer to objectives.
 *
 * @param name of its events, in messages
 * @param views of what, in messages
 * @param offered sources that it has
 * @param labels whether its events have labels that may be used
 * @param labelAdvice what to do where they are missing
 * @param modalities whether two views may stand for two modalities
 * @param clusters prototypes that the stream is clustered by, 0 for none
 */
record FeedStream(
    String name,
    String views,
    Set<Source> offered,
    boolean labels,
    String labelAdvice,
    boolean modalities,
    int clusters) {

  /** Baskets of users: views of histories. */
  static FeedStream interactions(SequenceLearnerConfig.Training training) {
    return new FeedStream(
        "interactions",
        "histories",
        EnumSet.range(Source.FIRST_VIEW, Source.WEIGHTS),
        training.labels() != SequenceLearnerConfig.Labels.NONE,
        "set learn.labels to category if the events have one",
        false,
        0);
  }

  /** Images with prototypes: everything that a cluster tells besides. */
  static FeedStream images(ImageLearnerConfig.Training training, int clusters) {
    return new FeedStream(
        "images",
        "images",
        EnumSet.allOf(Source.class),
        training.labels() != ImageLearnerConfig.Labels.NONE,
        "set learn.images.labels to label if the images have one, or to cluster",
        true,
        clusters);
  }

  /** Parameters that follow from the stream's clusters, for objectives that count clusters. */
  Map<String, Object> parametersOf(String objective) {
    return clusters == 0
        ? Map.of()
        : switch (objective) {
          case "meow" -> Map.of("clusters", clusters + "," + clusters);
          case "gcool" -> Map.of("communities", clusters);
          default -> Map.of();
        };
  }
}
