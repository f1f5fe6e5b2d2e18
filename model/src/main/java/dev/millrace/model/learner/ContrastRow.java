package dev.millrace.model.learner;

/** What an objective and a memory bank ask of a row of a batch: where its states stem from. */
interface ContrastRow {

  /** Rows of one id show the same user or image: none is a negative of another. */
  int id();

  /** Its label, unlike any other where it has none. */
  String label();

  /**
   * Its label as a class that stays the same from batch to batch.
   *
   * @param bound number of classes
   * @return below the bound; -1 without a label
   */
  int classIn(int bound);

  /** Whether its label says that nothing of interest is in it. */
  default boolean isBackground() {
    return false;
  }

  /** Key of the memory bank that it belongs to. */
  String bankKey();

  /**
   * The class that the bank knows it by, from 1; 0 where the key is the label, -1 where it has
   * none.
   */
  default int bankLabel() {
    return 0;
  }

  /** User that the bank knows it by; empty for none. */
  String user();

  /** Item that the bank knows it by; empty for none. */
  String item();
}
