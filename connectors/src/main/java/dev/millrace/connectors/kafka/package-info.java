/**
 * Kafka sources and sinks of a job: their options, decoding with dead letters, watermarks, topics.
 */
package dev.millrace.connectors.kafka;
