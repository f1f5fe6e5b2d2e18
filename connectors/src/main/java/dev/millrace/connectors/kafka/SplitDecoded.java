package dev.millrace.connectors.kafka;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.model.data.DeadLetter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Values go on; dead letters go to the side output {@link #DEAD_LETTERS} and are counted. */
public final class SplitDecoded<T> extends ProcessFunction<Decoded<T>, T> {

  private static final long serialVersionUID = 1L;

  public static final OutputTag<DeadLetter> DEAD_LETTERS =
      new OutputTag<>("dead-letters", RecordTypes.DEAD_LETTER);

  /** Name of the counter, in the metric group {@link #METRIC_GROUP}. */
  public static final String DEAD_LETTERS_COUNTER = "deadLetters";

  public static final String METRIC_GROUP = "millrace";

  // runtime
  private transient Counter deadLetters;

  @Override
  public void open(OpenContext context) {
    deadLetters =
        getRuntimeContext().getMetricGroup().addGroup(METRIC_GROUP).counter(DEAD_LETTERS_COUNTER);
  }

  @Override
  public void processElement(Decoded<T> decoded, Context context, Collector<T> out) {
    if (decoded.isValue()) {
      out.collect(decoded.value());
    } else {
      deadLetters.inc();
      context.output(DEAD_LETTERS, decoded.deadLetter());
    }
  }
}
