package dev.millrace.job.cli;

import java.util.LinkedHashSet;
import java.util.Set;

/** Turns an exception into what a person should read. */
final class Failures {

  private Failures() {}

  /** The message, and those of its causes that say something more. */
  static String message(Throwable failure) {
    Set<String> messages = new LinkedHashSet<>();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String message = at.getMessage();
      if (message == null || message.isBlank()) {
        message = at.getClass().getSimpleName();
      }
      String text = message;
      if (messages.stream().noneMatch(seen -> seen.contains(text))) {
        messages.add(text);
      }
    }
    return String.join("\n  because: ", messages);
  }
}
