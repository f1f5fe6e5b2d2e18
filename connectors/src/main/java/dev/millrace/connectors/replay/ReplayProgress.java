package dev.millrace.connectors.replay;

import java.util.function.Consumer;

/**
 * Where a replay or a recording stands.
 *
 * @param read rows or records read
 * @param written records sent or written
 * @param skipped rows left out
 * @param bytes bytes of the keys and values written
 * @param fraction share of the source that was read, or of the limit that was reached, from 0 to 1
 */
public record ReplayProgress(long read, long written, long skipped, long bytes, double fraction) {

  /** Shows nothing. */
  public static Consumer<ReplayProgress> silent() {
    return progress -> {};
  }
}
