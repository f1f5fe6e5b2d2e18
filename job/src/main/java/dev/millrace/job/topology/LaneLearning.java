package dev.millrace.job.topology;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.kafka.SplitDecoded;
import dev.millrace.connectors.rounds.RoundLogConfig;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.LearnedStream;
import dev.millrace.job.function.LaneLearnOperator;
import dev.millrace.job.function.LearnOperator;
import dev.millrace.job.function.LearnOutputs;
import dev.millrace.job.function.LearnSettings;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.StreamEvent;
import dev.millrace.model.learner.LaneLayout;
import dev.millrace.model.learner.LaneReplicaFactory;
import dev.millrace.model.learner.LearnerFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.util.OutputTag;

/**
 * What the wirings of both streams have in common.
 *
 * <pre>
 *   decoded -> split -+-> keyBy(lane) -> learn -+-> what the stream's learner makes
 *                     |                         +-> learning metrics
 *                     +-> dead letters <--------+   (quarantine)
 * </pre>
 *
 * @param <E> kind of event
 */
final class LaneLearning<E extends StreamEvent> {

  private final SingleOutputStreamOperator<Embedding> learned;
  private final Placement placement;

  /**
   * A sink for each learner: two would write the updates of one id in any order, and a compacted
   * topic would keep an old one.
   */
  private final int learners;

  private LaneLearning(
      SingleOutputStreamOperator<Embedding> learned, Placement placement, int learners) {
    this.learned = learned;
    this.placement = placement;
    this.learners = learners;
  }

  /**
   * Wires everything up to the learner, and what it tells about itself.
   *
   * @param decoded the source's stream with event times and watermarks
   */
  static <E extends StreamEvent> LaneLearning<E> wire(
      LearnedStream stream,
      DataStream<Decoded<E>> decoded,
      TypeInformation<E> type,
      LearnFunctions<E> functions,
      Sink<LearningMetrics> learningMetrics,
      Sink<DeadLetter> deadLetters,
      JobConfig config) {
    // Uids are part of every savepoint; those of interactions are as old as the first.
    String prefix = stream == LearnedStream.INTERACTIONS ? "" : stream.key() + "-";
    Placement placement = Placement.of(config);
    SingleOutputStreamOperator<E> events =
        placement.other(
            decoded
                .process(new SplitDecoded<E>())
                .returns(type)
                .uid(prefix + "split-decoded")
                .name(name(prefix, "split decoded")));
    LaneKeys<E> keys = LaneKeys.of(config.lanes(), InteractionTopology.MAX_PARALLELISM);
    int learners = Math.min(config.parallelism(), config.lanes());
    SingleOutputStreamOperator<Embedding> learned =
        placement.learner(
            events
                .keyBy(keys, Types.INT)
                .transform(
                    name(prefix, "learn"),
                    RecordTypes.EMBEDDING,
                    functions.operator(keys, type, config.learnSettings(stream)))
                .uid(prefix + "learn")
                .name(name(prefix, "learn"))
                .setParallelism(learners));
    placement
        .other(
            events
                .getSideOutput(SplitDecoded.DEAD_LETTERS)
                .union(learned.getSideOutput(LearnOutputs.QUARANTINE))
                .sinkTo(deadLetters))
        .uid(prefix + "dead-letters")
        .name(name(prefix, "dead letters"));
    placement
        .other(learned.getSideOutput(LearnOutputs.METRICS).sinkTo(learningMetrics))
        .setParallelism(1)
        .uid(prefix + "learning-metrics")
        .name(name(prefix, "learning metrics"));
    return new LaneLearning<>(learned, placement, learners);
  }

  /** What learns: each lane a model of its own, or all lanes one. */
  interface LearnFunctions<E extends StreamEvent> {
    OneInputStreamOperator<E, Embedding> operator(
        LaneKeys<E> keys, TypeInformation<E> type, LearnSettings settings);

    /** A learner for the only lane. */
    static <E extends StreamEvent> LearnFunctions<E> alone(LearnerFactory<E> factory) {
      return (keys, type, settings) -> new LearnOperator<>(factory, keys::laneOf, type, settings);
    }

    /** Copies of one model for several lanes. */
    static <E extends StreamEvent> LearnFunctions<E> together(
        LaneReplicaFactory<E> factory, LaneLayout layout, RoundLogConfig log) {
      return (keys, type, settings) ->
          new LaneLearnOperator<>(factory, layout, log, keys.keys(), keys::laneOf, type, settings);
    }
  }

  private static String name(String prefix, String name) {
    return prefix.replace('-', ' ') + name;
  }

  /** Sends users' and items' embeddings to their sink. */
  void embeddings(Sink<Embedding> sink) {
    to(learned, sink, "embeddings");
  }

  /** Sends one of the learner's other outputs to its sink. */
  <T> void side(OutputTag<T> tag, Sink<T> sink) {
    to(learned.getSideOutput(tag), sink, tag.getId());
  }

  private <T> void to(DataStream<T> made, Sink<T> sink, String id) {
    placement.other(made.sinkTo(sink)).setParallelism(learners).uid(id).name(id.replace('-', ' '));
  }
}
