package dev.millrace.job.function;

import dev.millrace.job.metrics.LatencyHistogram;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Prototype;
import dev.millrace.model.data.Recommendations;
import dev.millrace.model.learner.LearnerOutput;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/** Sends what a lane's learner makes to the operator's outputs and measures freshness. */
final class SideOutputs implements LearnerOutput {

  private final Output<StreamRecord<Embedding>> output;
  private final LatencyHistogram freshness;
  private final String scope;

  /**
   * Outputs of a lane.
   *
   * @param scope what the scopes of its metrics begin with
   */
  SideOutputs(Output<StreamRecord<Embedding>> output, LatencyHistogram freshness, String scope) {
    this.output = output;
    this.freshness = freshness;
    this.scope = scope;
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
  public void imageEmbedding(ImageEmbedding embedding, long arrivalTime) {
    freshness.update(System.currentTimeMillis() - arrivalTime);
    side(LearnOutputs.IMAGE_EMBEDDINGS, embedding, embedding.eventTime());
  }

  @Override
  public void prototype(Prototype prototype) {
    side(LearnOutputs.PROTOTYPES, prototype, prototype.eventTime());
  }

  @Override
  public void quarantine(DeadLetter event) {
    side(LearnOutputs.QUARANTINE, event, event.time());
  }

  @Override
  public void metrics(LearningMetrics metrics) {
    side(LearnOutputs.METRICS, MetricScopes.within(scope, metrics), metrics.eventTime());
  }

  /** What reached the lane so far, with the watermark as its time. */
  void arrivals(String scope, LaneCounts at) {
    metrics(
        MetricScopes.arrivals(scope, at.closedTime, at.received, at.late, at.dropped, freshness));
  }

  private <T> void side(OutputTag<T> tag, T value, long eventTime) {
    output.collect(tag, new StreamRecord<>(value, eventTime));
  }
}
