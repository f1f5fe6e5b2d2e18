package dev.millrace.job.topology;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.kafka.KafkaSinks;
import dev.millrace.connectors.rounds.RoundLogConfig;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.LearnedStream;
import dev.millrace.job.function.LearnOutputs;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Recommendations;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * The wiring of the interaction stream, the same in tests and in production.
 *
 * <pre>
 *   decoded interactions -> split -+-> keyBy(lane) -> learn -+-> embeddings
 *                                  |                         +-> recommendations
 *                                  +-> dead letters          +-> learning metrics
 * </pre>
 *
 * <p>Decoding is chained to the source, there is one network shuffle, and every operator has a
 * {@code uid}.
 */
public final class InteractionTopology {

  /** Flink's number of key groups, which lanes are spread over; part of every savepoint. */
  public static final int MAX_PARALLELISM = 128;

  private InteractionTopology() {}

  /** Where everything goes. */
  public record Sinks(
      Sink<Embedding> embeddings,
      Sink<Recommendations> recommendations,
      Sink<LearningMetrics> learningMetrics,
      Sink<DeadLetter> deadLetters) {

    /** The topics that the options name. */
    public static Sinks kafka(JobConfig config) {
      return new Sinks(
          KafkaSinks.embeddings(config.options()),
          KafkaSinks.recommendations(config.options()),
          KafkaSinks.learningMetrics(config.options()),
          KafkaSinks.deadLetters(config.options()));
    }
  }

  /**
   * Wires the job.
   *
   * @param decoded the source's stream with event times and watermarks
   */
  public static void wire(DataStream<Decoded<Interaction>> decoded, Sinks sinks, JobConfig config) {
    LaneLearning<Interaction> lanes =
        LaneLearning.wire(
            LearnedStream.INTERACTIONS,
            decoded,
            RecordTypes.INTERACTION,
            functions(config),
            sinks.learningMetrics(),
            sinks.deadLetters(),
            config);
    lanes.embeddings(sinks.embeddings());
    lanes.side(LearnOutputs.RECOMMENDATIONS, sinks.recommendations());
  }

  private static LaneLearning.LearnFunctions<Interaction> functions(JobConfig config) {
    return config.lanes() == 1
        ? LaneLearning.LearnFunctions.alone(config.learnerFactory())
        : LaneLearning.LearnFunctions.together(
            config.replicaFactory(), config.laneLayout(), RoundLogConfig.of(config.options()));
  }
}
