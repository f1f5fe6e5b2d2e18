/**
 * Flink's types of the records that flow through a job: written out by hand, so that no record goes
 * through Kryo, and with versioned snapshots, so that an old savepoint can still be read.
 */
package dev.millrace.connectors.types;
