package dev.millrace.model.objective;

/**
 * The values that an input may hold; random test inputs keep to it and so do callers.
 *
 * @param kind what the numbers mean
 * @param symbol the dimension that bounds an index or a permutation, empty otherwise
 * @param low smallest value of {@link Kind#BETWEEN}
 * @param high largest value of {@link Kind#BETWEEN}
 */
public record ValueRange(Kind kind, String symbol, int low, int high) {

  /** What the numbers mean. */
  public enum Kind {
    /** Any finite number. */
    ANY,
    /** Finite numbers above 0. */
    POSITIVE,
    /** Rows of length 1. */
    UNIT_ROWS,
    /** Rows of positive numbers that sum to 1. */
    DISTRIBUTION,
    /** Integers of which only equality counts: ids, class labels. */
    IDS,
    /** 0 leaves out, anything else keeps. */
    MASK,
    /** Index into a dimension. */
    INDEX,
    /** Index into a dimension, or -1 for none. */
    INDEX_OR_NONE,
    /** Each index of a dimension once. */
    PERMUTATION,
    /** Symmetric 0/1 matrix with a zero diagonal. */
    ADJACENCY,
    /** Integers from low to high, both included. */
    BETWEEN
  }

  public static ValueRange any() {
    return of(Kind.ANY);
  }

  public static ValueRange positive() {
    return of(Kind.POSITIVE);
  }

  public static ValueRange unitRows() {
    return of(Kind.UNIT_ROWS);
  }

  public static ValueRange distribution() {
    return of(Kind.DISTRIBUTION);
  }

  public static ValueRange ids() {
    return of(Kind.IDS);
  }

  public static ValueRange mask() {
    return of(Kind.MASK);
  }

  public static ValueRange index(String symbol) {
    return new ValueRange(Kind.INDEX, symbol, 0, 0);
  }

  public static ValueRange indexOrNone(String symbol) {
    return new ValueRange(Kind.INDEX_OR_NONE, symbol, 0, 0);
  }

  public static ValueRange permutation(String symbol) {
    return new ValueRange(Kind.PERMUTATION, symbol, 0, 0);
  }

  public static ValueRange adjacency() {
    return of(Kind.ADJACENCY);
  }

  public static ValueRange between(int low, int high) {
    return new ValueRange(Kind.BETWEEN, "", low, high);
  }

  /** Whether values point into a dimension, so that the size of it bounds them. */
  boolean isIndex() {
    return kind == Kind.INDEX || kind == Kind.INDEX_OR_NONE;
  }

  private static ValueRange of(Kind kind) {
    return new ValueRange(kind, "", 0, 0);
  }
}
