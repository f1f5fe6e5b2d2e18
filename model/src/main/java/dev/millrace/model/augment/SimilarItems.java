package dev.millrace.model.augment;

/** Knows, for an item, the one most like it. */
public interface SimilarItems {

  /** The most similar other item, or the item itself where none is known. */
  int mostSimilar(int item);
}
