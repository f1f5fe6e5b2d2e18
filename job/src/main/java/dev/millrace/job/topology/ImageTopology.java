package dev.millrace.job.topology;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.kafka.KafkaSinkOptions;
import dev.millrace.connectors.kafka.KafkaSinks;
import dev.millrace.connectors.rounds.RoundLogConfig;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.LearnedStream;
import dev.millrace.job.function.LearnOutputs;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Prototype;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * The wiring of the image stream, the same in tests and in production.
 *
 * <pre>
 *   decoded images -> split -+-> keyBy(lane) -> learn -+-> image embeddings
 *                            |                         +-> prototypes
 *                            |                         +-> learning metrics
 *                            +-> dead letters <--------+   (quarantine)
 * </pre>
 *
 * <p>Images are decoded in the chain of the source; views are drawn in the learner, which alone
 * knows how often an image is learned. A mini-batch that the learner takes back is a dead letter
 * for each of its images.
 */
public final class ImageTopology {

  private ImageTopology() {}

  /** Where everything goes. */
  public record Sinks(
      Sink<ImageEmbedding> embeddings,
      Sink<Prototype> prototypes,
      Sink<LearningMetrics> learningMetrics,
      Sink<DeadLetter> deadLetters) {

    /** The topics that the options name. */
    public static Sinks kafka(JobConfig config) {
      // A job of both streams has two sinks of metrics and of dead letters: they must not fence
      // each other's transactions.
      Configuration options = new Configuration(config.options());
      options.set(
          KafkaSinkOptions.TRANSACTIONAL_ID_PREFIX,
          options.get(KafkaSinkOptions.TRANSACTIONAL_ID_PREFIX) + "-" + LearnedStream.IMAGES.key());
      return new Sinks(
          KafkaSinks.imageEmbeddings(options),
          KafkaSinks.prototypes(options),
          KafkaSinks.learningMetrics(options),
          KafkaSinks.deadLetters(options));
    }
  }

  /**
   * Wires the job.
   *
   * @param decoded the source's stream with event times and watermarks
   */
  public static void wire(DataStream<Decoded<ImageEvent>> decoded, Sinks sinks, JobConfig config) {
    wire(decoded, sinks, functions(config), config);
  }

  private static LaneLearning.LearnFunctions<ImageEvent> functions(JobConfig config) {
    return config.lanes() == 1
        ? LaneLearning.LearnFunctions.alone(config.imageLearnerFactory())
        : LaneLearning.LearnFunctions.together(
            config.imageReplicaFactory(),
            config.laneLayout(),
            // A run of its own: a job of both streams has both their rounds in one topic.
            RoundLogConfig.of(config.options()));
  }

  /** Wires the job with what learns of one's own. */
  static void wire(
      DataStream<Decoded<ImageEvent>> decoded,
      Sinks sinks,
      LaneLearning.LearnFunctions<ImageEvent> functions,
      JobConfig config) {
    LaneLearning<ImageEvent> lanes =
        LaneLearning.wire(
            LearnedStream.IMAGES,
            decoded,
            RecordTypes.IMAGE_EVENT,
            functions,
            sinks.learningMetrics(),
            sinks.deadLetters(),
            config);
    lanes.side(LearnOutputs.IMAGE_EMBEDDINGS, sinks.embeddings());
    lanes.side(LearnOutputs.PROTOTYPES, sinks.prototypes());
  }
}
