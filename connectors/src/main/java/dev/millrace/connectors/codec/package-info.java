/** Bytes to records and back: pure functions, no Flink, no Kafka. Bad bytes have a named fault. */
package dev.millrace.connectors.codec;
