package dev.millrace.job.topology;

import dev.millrace.connectors.codec.LearningMetricsJsonCodec;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.LearningMetrics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The last words of a run in its topic of metrics: of the learner, and of what reached it. */
record RunMetrics(LearningMetrics total, Map<String, Double> arrivals) {

  static RunMetrics read(Iterable<ConsumerRecord<byte[], byte[]>> records) throws Exception {
    LearningMetrics total = null;
    Map<String, LearningMetrics> arrivals = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      LearningMetrics metrics = LearningMetricsJsonCodec.decode(record.value());
      total = MetricScopes.is(MetricScopes.TOTAL, metrics) ? metrics : total;
      if (MetricScopes.is(MetricScopes.ARRIVALS, metrics)) {
        arrivals.put(metrics.scope(), metrics);
      }
    }
    return new RunMetrics(total, MetricScopes.together(arrivals.values()));
  }
}
