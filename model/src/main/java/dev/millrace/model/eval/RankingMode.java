package dev.millrace.model.eval;

/** Which items of a basket are targets, and which items may stand in the list. */
public enum RankingMode {
  /** Every distinct item of the basket is a target; nothing is left out of the list. */
  ALL("all"),
  /** Targets are the items that the user never had; the user's own items are left out. */
  NEW("new");

  private final String id;

  RankingMode(String id) {
    this.id = id;
  }

  /** The name in reports. */
  public String id() {
    return id;
  }
}
