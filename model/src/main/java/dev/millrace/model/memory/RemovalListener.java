package dev.millrace.model.memory;

/** Hears of each row that a table removes, exactly once, before its number is given out again. */
@FunctionalInterface
public interface RemovalListener {

  /** Why a row was removed. */
  enum Reason {
    /** It was the least recently used when another id needed its place. */
    EVICTED,
    /** It was not used for the configured time. */
    EXPIRED
  }

  void removed(String id, int index, Reason reason);
}
