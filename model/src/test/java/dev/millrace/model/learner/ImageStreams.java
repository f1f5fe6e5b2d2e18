package dev.millrace.model.learner;

import dev.millrace.model.augment.ImageViewConfig;
import dev.millrace.model.cluster.GuardConfig;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Prototype;
import dev.millrace.model.encoder.ConvEncoderConfig;
import dev.millrace.model.eval.TexturedShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Small streams of generated images, and what learners make of them. */
final class ImageStreams {

  static final int SIDE = 16;

  private ImageStreams() {}

  /** A small encoder on small views, without codes of patches. */
  static ImageLearnerConfig config(long seed) {
    ConvEncoderConfig encoder =
        new ConvEncoderConfig(
            3,
            new ConvEncoderConfig.Stem(8, 4, 2, 1),
            List.of(new ConvEncoderConfig.Block(16, 2)),
            ConvEncoderConfig.Norm.batch(),
            new ConvEncoderConfig.Head(32, 16, true));
    return new ImageLearnerConfig(
        new ImageLearnerConfig.Model(encoder, 0.9, 0.01, 0.999, null, 0.7),
        new ImageLearnerConfig.Training(
            16,
            2,
            48,
            ImageLearnerConfig.Method.ADAM,
            4e-3,
            1e-5,
            ImageLearnerConfig.Schedule.CONSTANT,
            10,
            0,
            "dcl",
            new TreeMap<>(Map.of("tau", "0.2")),
            ImageLearnerConfig.Labels.NONE,
            8,
            4,
            5),
        ImageViewConfig.STANDARD.withLarge(new ImageViewConfig.Crops(2, SIDE, 0.4, 1)),
        new ImageLearnerConfig.Clusters(8, 0.05, 0.2, 3, 16, 0, 0.95, 0, 0.1, 10),
        GuardConfig.STANDARD,
        new ImageLearnerConfig.Output(2, 2, 40, 500),
        seed);
  }

  /** With batches, replay and windows that are large enough to tell shapes apart. */
  static ImageLearnerConfig patient(long seed) {
    ImageLearnerConfig base = config(seed);
    return base.with(base.clusters().withCount(16, 32))
        .with(base.training().withBatch(32, 4, 400))
        .with(new ImageLearnerConfig.Output(2, 16, 300, 1000));
  }

  /** Numbered images, one a second, two at every fifth. */
  static List<EventGroup<ImageEvent>> groups(int from, int to) {
    TexturedShapes shapes = new TexturedShapes(3, SIDE);
    List<EventGroup<ImageEvent>> groups = new ArrayList<>();
    for (int n = from; n < to; n++) {
      ImageEvent event = shapes.event(n);
      List<ImageEvent> events = new ArrayList<>(List.of(event));
      if (n % 5 == 0 && n + 1 < to) {
        events.add(shapes.event(++n));
      }
      groups.add(new EventGroup<>(event.eventTime(), events));
    }
    return groups;
  }

  /** Keeps everything. */
  static final class Recorder implements LearnerOutput {
    final List<ImageEmbedding> embeddings = new ArrayList<>();
    final List<Prototype> prototypes = new ArrayList<>();
    final List<DeadLetter> quarantined = new ArrayList<>();
    final List<LearningMetrics> metrics = new ArrayList<>();

    @Override
    public void imageEmbedding(ImageEmbedding embedding, long arrivalTime) {
      embeddings.add(embedding);
    }

    @Override
    public void prototype(Prototype prototype) {
      prototypes.add(prototype);
    }

    @Override
    public void quarantine(DeadLetter event) {
      quarantined.add(event);
    }

    @Override
    public void metrics(LearningMetrics made) {
      metrics.add(made);
    }

    List<LearningMetrics> of(String scope) {
      return metrics.stream().filter(made -> made.scope().equals(scope)).toList();
    }

    double total(String figure) {
      return of("total").get(0).figures().get(figure);
    }
  }
}
