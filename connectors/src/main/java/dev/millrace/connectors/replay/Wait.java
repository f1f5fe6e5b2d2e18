package dev.millrace.connectors.replay;

import java.util.concurrent.TimeUnit;

/** Time as a replay sees it: tests bring their own. */
interface Wait {

  /** A reading of a monotonic clock, in nanoseconds. */
  long nanoTime();

  void sleepNanos(long nanos) throws InterruptedException;

  static Wait system() {
    return new Wait() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public void sleepNanos(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos);
      }
    };
  }
}
