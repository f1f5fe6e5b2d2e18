package dev.millrace.model.data;

/**
 * An event of a stream that a learner meets once. Events are ordered by event time, then by their
 * position in Kafka.
 */
public interface StreamEvent {

  /** What sends the event to a lane: the user of an interaction, the id of an image. */
  String key();

  /** When it happened, in milliseconds since the epoch. */
  long eventTime();

  /** Where in Kafka it came from. */
  SourcePosition position();

  /**
   * When this process read it, in milliseconds since the epoch; never part of a result, only of
   * latency measurements.
   */
  long arrivalTime();
}
