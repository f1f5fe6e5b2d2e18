package dev.millrace.job;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for conditions. */
public final class Await {

  private static final long INTERVAL_NANOS = 50_000_000;

  private Await() {}

  /**
   * Asks over and over until the answer is the wanted one. A question that fails is asked again:
   * whom it goes to may be dead at the moment.
   *
   * @param what what is waited for, in words
   * @param details what to show when it does not come
   * @return the answer
   */
  public static <T> T until(
      String what,
      Duration patience,
      Callable<T> question,
      Predicate<T> wanted,
      Supplier<String> details) {
    long deadline = System.nanoTime() + patience.toNanos();
    Exception failure = null;
    T answer = null;
    while (System.nanoTime() < deadline) {
      try {
        answer = question.call();
        failure = null;
        if (wanted.test(answer)) {
          return answer;
        }
      } catch (Exception e) {
        failure = e;
      }
      LockSupport.parkNanos(INTERVAL_NANOS);
      if (Thread.interrupted()) {
        throw new AssertionError("interrupted while waiting for " + what);
      }
    }
    throw new AssertionError(
        "waited in vain for %s, %s; last answer: %s%n%s"
            .formatted(what, patience, failure == null ? answer : failure, details.get()));
  }
}
