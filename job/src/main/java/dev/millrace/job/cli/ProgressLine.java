package dev.millrace.job.cli;

import java.io.PrintStream;

/**
 * Shows how far a command is: one line that is redrawn on a terminal, a plain line every few
 * seconds elsewhere.
 */
final class ProgressLine {

  private static final long PLAIN_NANOS = 5_000_000_000L;
  private static final int BAR = 24;

  private final PrintStream out;
  private final boolean terminal;
  private long lastNanos;
  private boolean drawn;
  private int width;

  ProgressLine(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
    this.lastNanos = System.nanoTime() - PLAIN_NANOS;
  }

  static ProgressLine onStandardError() {
    return new ProgressLine(System.err, System.console() != null);
  }

  /**
   * Shows the line, if it is time to.
   *
   * @param done share done, from 0 to 1; NaN when unknown
   * @param text what is going on
   */
  void show(double done, String text) {
    if (terminal) {
      String line = (Double.isNaN(done) ? "" : bar(done) + " ") + text;
      out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
      out.flush();
      width = line.length();
      drawn = true;
    } else if (System.nanoTime() - lastNanos >= PLAIN_NANOS) {
      lastNanos = System.nanoTime();
      out.println((Double.isNaN(done) ? "" : String.format("%3.0f %%  ", 100 * done)) + text);
    }
  }

  /** Ends the line and prints a last one for good. */
  void end(String text) {
    if (drawn) {
      out.print("\r" + " ".repeat(width) + "\r");
      drawn = false;
      width = 0;
    }
    out.println(text);
  }

  private static String bar(double done) {
    int full = (int) Math.round(BAR * Math.max(0, Math.min(1, done)));
    return "["
        + "#".repeat(full)
        + "-".repeat(BAR - full)
        + "]"
        + String.format("%4.0f %%", 100 * done);
  }
}
