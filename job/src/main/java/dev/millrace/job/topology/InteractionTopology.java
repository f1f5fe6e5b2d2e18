package dev.millrace.job.topology;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.kafka.SplitDecoded;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.JobOptions;
import dev.millrace.job.config.PlacementOptions;
import dev.millrace.job.function.LearnOperator;
import dev.millrace.job.function.LearnOutputs;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Recommendations;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

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
      Sink<DeadLetter> deadLetters) {}

  /**
   * Wires the job.
   *
   * @param decoded the source's stream with event times and watermarks
   */
  public static void wire(DataStream<Decoded<Interaction>> decoded, Sinks sinks, JobConfig config) {
    Placement placement = Placement.of(config);
    SingleOutputStreamOperator<Interaction> interactions =
        placement.other(
            decoded
                .process(new SplitDecoded<Interaction>())
                .returns(RecordTypes.INTERACTION)
                .uid("split-decoded")
                .name("split decoded"));
    placement
        .other(interactions.getSideOutput(SplitDecoded.DEAD_LETTERS).sinkTo(sinks.deadLetters()))
        .uid("dead-letters")
        .name("dead letters");

    // A sink for each learner: two would write the updates of one id in any order, and a compacted
    // topic would keep an old one.
    int learners = Math.min(config.parallelism(), config.lanes());
    LaneKeys<Interaction> keys = LaneKeys.of(config.lanes(), MAX_PARALLELISM);
    SingleOutputStreamOperator<Embedding> learned =
        placement.learner(
            interactions
                .keyBy(keys, Types.INT)
                .transform(
                    "learn",
                    RecordTypes.EMBEDDING,
                    new LearnOperator<>(
                            config.learnerFactory(),
                            config.latePolicy(),
                            keys::laneOf,
                            RecordTypes.INTERACTION,
                            config.progressMillis(),
                            config.options().get(JobOptions.WARM_UP))
                        .on(config.options().get(PlacementOptions.DEVICE)))
                .uid("learn")
                .name("learn")
                .setParallelism(learners));
    placement
        .other(learned.sinkTo(sinks.embeddings()))
        .setParallelism(learners)
        .uid("embeddings")
        .name("embeddings");
    placement
        .other(learned.getSideOutput(LearnOutputs.RECOMMENDATIONS).sinkTo(sinks.recommendations()))
        .setParallelism(learners)
        .uid("recommendations")
        .name("recommendations");
    placement
        .other(learned.getSideOutput(LearnOutputs.METRICS).sinkTo(sinks.learningMetrics()))
        .setParallelism(1)
        .uid("learning-metrics")
        .name("learning metrics");
  }
}
