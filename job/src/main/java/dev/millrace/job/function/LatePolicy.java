package dev.millrace.job.function;

/** What happens to an event whose time was closed before it came. It is counted either way. */
public enum LatePolicy {
  /** It is scored and learned from at once, as if it had come at the latest time seen. */
  LEARN,
  /** It is left out. */
  DROP
}
