package dev.millrace.connectors.replay;

/**
 * What a recording holds.
 *
 * @param records records written
 * @param bytes bytes of their keys and values
 */
public record RecorderResult(long records, long bytes) {}
