package dev.millrace.job.topology;

import dev.millrace.connectors.codec.LearningMetricsJsonCodec;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.LearningMetrics;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The last words of a run in its topic of metrics: of the learner, and of what reached it. */
record RunMetrics(LearningMetrics total, LearningMetrics arrivals) {

  static RunMetrics read(Iterable<ConsumerRecord<byte[], byte[]>> records) throws Exception {
    LearningMetrics total = null;
    LearningMetrics arrivals = null;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      LearningMetrics metrics = LearningMetricsJsonCodec.decode(record.value());
      total = MetricScopes.is(MetricScopes.TOTAL, metrics) ? metrics : total;
      arrivals = MetricScopes.is(MetricScopes.ARRIVALS, metrics) ? metrics : arrivals;
    }
    return new RunMetrics(total, arrivals);
  }
}
