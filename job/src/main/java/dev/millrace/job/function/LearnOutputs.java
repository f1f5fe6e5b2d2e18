package dev.millrace.job.function;

import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Recommendations;
import org.apache.flink.util.OutputTag;

/** Side outputs of the {@link LearnOperator}; embeddings are its main output. */
public final class LearnOutputs {

  public static final OutputTag<Recommendations> RECOMMENDATIONS =
      new OutputTag<>("recommendations", RecordTypes.RECOMMENDATIONS);

  public static final OutputTag<LearningMetrics> METRICS =
      new OutputTag<>("learning-metrics", RecordTypes.LEARNING_METRICS);

  private LearnOutputs() {}
}
