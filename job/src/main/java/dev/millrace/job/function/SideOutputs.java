package dev.millrace.job.function;

import dev.millrace.job.metrics.LatencyHistogram;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Recommendations;
import dev.millrace.model.learner.LearnerOutput;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/** Sends what learners make to the operator's main and side outputs and measures freshness. */
final class SideOutputs implements LearnerOutput {

  private final Output<StreamRecord<Embedding>> output;
  private final LatencyHistogram freshness;

  SideOutputs(Output<StreamRecord<Embedding>> output, LatencyHistogram freshness) {
    this.output = output;
    this.freshness = freshness;
  }

  @Override
  public void embedding(Embedding embedding, long arrivalTime) {
    freshness.update(System.currentTimeMillis() - arrivalTime);
    output.collect(new StreamRecord<>(embedding, embedding.eventTime()));
  }

  @Override
  public void recommendations(Recommendations recommendations, long arrivalTime) {
    side(LearnOutputs.RECOMMENDATIONS, recommendations, recommendations.eventTime());
  }

  @Override
  public void metrics(LearningMetrics metrics) {
    side(LearnOutputs.METRICS, metrics, metrics.eventTime());
  }

  /** What a person who watches wants to know now; not part of the deterministic result. */
  void progress(int key, Lane lane) {
    metrics(MetricScopes.progress(key, lane.received, lane.late, lane.dropped, freshness));
  }

  /** The last word of a lane when its stream ends. */
  void total(int key, Lane lane) {
    metrics(
        MetricScopes.total(
            key, lane.received, lane.late, lane.dropped, freshness, lane.learner.digest()));
  }

  private <T> void side(OutputTag<T> tag, T value, long eventTime) {
    output.collect(tag, new StreamRecord<>(value, eventTime));
  }
}
