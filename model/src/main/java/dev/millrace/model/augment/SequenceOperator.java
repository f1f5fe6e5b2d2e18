package dev.millrace.model.augment;

/** The ways in which a view of a sequence differs from it. */
public enum SequenceOperator {
  /** Consecutive items alone. */
  CROP,
  /** Some items replaced by the mask. */
  MASK,
  /** A window in another order. */
  REORDER
}
