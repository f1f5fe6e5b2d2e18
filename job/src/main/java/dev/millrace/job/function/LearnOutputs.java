package dev.millrace.job.function;

import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Prototype;
import dev.millrace.model.data.Recommendations;
import org.apache.flink.util.OutputTag;

/** Side outputs of the {@link LearnOperator}; user and item embeddings are its main output. */
public final class LearnOutputs {

  public static final OutputTag<Recommendations> RECOMMENDATIONS =
      new OutputTag<>("recommendations", RecordTypes.RECOMMENDATIONS);

  public static final OutputTag<LearningMetrics> METRICS =
      new OutputTag<>("learning-metrics", RecordTypes.LEARNING_METRICS);

  public static final OutputTag<ImageEmbedding> IMAGE_EMBEDDINGS =
      new OutputTag<>("image-embeddings", RecordTypes.IMAGE_EMBEDDING);

  public static final OutputTag<Prototype> PROTOTYPES =
      new OutputTag<>("prototypes", RecordTypes.PROTOTYPE);

  public static final OutputTag<DeadLetter> QUARANTINE =
      new OutputTag<>("quarantine", RecordTypes.DEAD_LETTER);

  private LearnOutputs() {}
}
