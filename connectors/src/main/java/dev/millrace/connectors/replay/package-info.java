/**
 * Files and topics into topics, at a chosen speed, and topics into files. Whatever is replayed
 * twice gives the same bytes in the same partitions.
 */
package dev.millrace.connectors.replay;
