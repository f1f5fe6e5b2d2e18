/**
 * A real Kafka broker without an installation: one node in KRaft mode, in this JVM or in one of its
 * own. For the demo and for tests; a cluster's job never needs it.
 */
package dev.millrace.connectors.embedded;
