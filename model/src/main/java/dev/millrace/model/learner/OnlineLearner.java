package dev.millrace.model.learner;

import dev.millrace.model.data.StreamEvent;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A learner that meets every event once: each is scored by the model as it was before, then
 * learned.
 *
 * <p>The same groups in the same order give the same state and the same outputs, bit for bit;
 * restoring what {@link #writeTo} wrote continues as if nothing had happened. Not thread safe.
 *
 * @param <E> kind of event
 */
public interface OnlineLearner<E extends StreamEvent> extends AutoCloseable {

  /**
   * Scores the events of one time, then takes them into histories and counts, then learns whenever
   * a mini-batch is full. Groups come in the order of event time; an earlier one is a late event
   * and is taken as if it had come at the latest time seen.
   */
  void observe(EventGroup<E> group, LearnerOutput output);

  /** Learns from what waits for a full mini-batch and reports the open window: the stream ends. */
  void finish(LearnerOutput output);

  /**
   * Writes the whole state, a version first. The bytes are canonical: equal states, equal bytes.
   */
  void writeTo(DataOutput out) throws IOException;

  /** SHA-256 over the canonical state, in hexadecimal. */
  String digest();

  /** Figures for a metric system. */
  LearnerGauges gauges();

  /** Releases threads and native memory. */
  @Override
  void close();
}
