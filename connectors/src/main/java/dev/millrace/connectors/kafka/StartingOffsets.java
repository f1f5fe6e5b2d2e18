package dev.millrace.connectors.kafka;

/** Where a job that has no checkpoint starts to read. */
public enum StartingOffsets {
  /** At the oldest record of each partition. */
  EARLIEST,
  /** After the newest record of each partition. */
  LATEST,
  /** Where the consumer group stands; at the oldest record where it has never been. */
  COMMITTED,
  /** At the first record whose Kafka timestamp is not before a given one. */
  TIMESTAMP
}
