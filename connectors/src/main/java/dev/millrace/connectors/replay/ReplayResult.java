package dev.millrace.connectors.replay;

import java.util.Map;

/**
 * What a replay did.
 *
 * @param read rows or records read
 * @param sent records sent and acknowledged
 * @param bytes bytes of their keys and values
 * @param skipped rows left out, by reason
 * @param firstSkippedLines line of the first row of each reason
 */
public record ReplayResult(
    long read,
    long sent,
    long bytes,
    Map<String, Long> skipped,
    Map<String, Long> firstSkippedLines) {}
