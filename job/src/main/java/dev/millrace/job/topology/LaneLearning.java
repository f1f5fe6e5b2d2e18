package dev.millrace.job.topology;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.kafka.SplitDecoded;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.LearnedStream;
import dev.millrace.job.function.LearnOperator;
import dev.millrace.job.function.LearnOutputs;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.StreamEvent;
import dev.millrace.model.learner.LearnerFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
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

  /** Uids are part of every savepoint; those of interactions are as old as the first. */
  private final String prefix;

  private final SingleOutputStreamOperator<Embedding> learned;

  private LaneLearning(String prefix, SingleOutputStreamOperator<Embedding> learned) {
    this.prefix = prefix;
    this.learned = learned;
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
      LearnerFactory<E> factory,
      Sink<LearningMetrics> learningMetrics,
      Sink<DeadLetter> deadLetters,
      JobConfig config) {
    String prefix = stream == LearnedStream.INTERACTIONS ? "" : stream.key() + "-";
    SingleOutputStreamOperator<E> events =
        decoded
            .process(new SplitDecoded<E>())
            .returns(type)
            .uid(prefix + "split-decoded")
            .name(name(prefix, "split decoded"));
    LaneKeys<E> keys = LaneKeys.of(config.lanes(), InteractionTopology.MAX_PARALLELISM);
    SingleOutputStreamOperator<Embedding> learned =
        events
            .keyBy(keys, Types.INT)
            .transform(
                name(prefix, "learn"),
                RecordTypes.EMBEDDING,
                new LearnOperator<>(factory, keys::laneOf, type, config.learnSettings(stream)))
            .uid(prefix + "learn")
            .name(name(prefix, "learn"))
            .setParallelism(Math.min(config.parallelism(), config.lanes()));
    events
        .getSideOutput(SplitDecoded.DEAD_LETTERS)
        .union(learned.getSideOutput(LearnOutputs.QUARANTINE))
        .sinkTo(deadLetters)
        .uid(prefix + "dead-letters")
        .name(name(prefix, "dead letters"));
    learned
        .getSideOutput(LearnOutputs.METRICS)
        .sinkTo(learningMetrics)
        .setParallelism(1)
        .uid(prefix + "learning-metrics")
        .name(name(prefix, "learning metrics"));
    return new LaneLearning<>(prefix, learned);
  }

  private static String name(String prefix, String name) {
    return prefix.replace('-', ' ') + name;
  }

  /** Users' and items' embeddings. */
  SingleOutputStreamOperator<Embedding> learned() {
    return learned;
  }

  /** Sends one of the learner's other outputs to its sink. */
  <T> void side(OutputTag<T> tag, Sink<T> sink) {
    learned.getSideOutput(tag).sinkTo(sink).uid(tag.getId()).name(tag.getId().replace('-', ' '));
  }
}
