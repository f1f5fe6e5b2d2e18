package dev.millrace.model.ranker;

/** What the blend weighs, in the order of its features. */
public enum Component {
  /** Items together with the history in baskets. */
  TOGETHER("together", true),
  /** The same, newer baskets weighing more. */
  TOGETHER_NOW("together_now", true),
  /** Items in baskets after the history. */
  NEXT("next", true),
  /** Share of the history's baskets that held the item. */
  GIVEN("given", true),
  /** Votes of the users most like this one. */
  USERS("users", true),
  /** Votes of the baskets most like the history. */
  BASKETS("baskets", true),
  /** Lines, fading by half within 2,000 lines. */
  RECENT("recent", true),
  /** Lines, fading by half within 10,000 lines. */
  RECENT_LONG("recent_long", true),
  /** Lines so far. */
  POPULARITY("popularity", false),
  /** Lines since the item's first. */
  AGE("age", false),
  /** Lines since the item's last. */
  IDLE("idle", false),
  /** Lines of the item by the user. */
  OWN("own", false),
  /** The same, fading with event time. */
  OWN_RECENT("own_recent", false),
  /** 1 / sqrt(baskets since the user had it). */
  OWN_LAST("own_last", false),
  /** Share of the item's baskets whose user had it before. */
  REPEAT("repeat", false),
  /** The neural learner's score, the best item at 0. */
  NEURAL("neural", false);

  private final String id;
  private final boolean shared;

  Component(String id, boolean shared) {
    this.id = id;
    this.shared = shared;
  }

  /** The name in reports. */
  public String id() {
    return id;
  }

  /** Whether the feature is the logarithm of the item's share of the scores of all items. */
  boolean isShare() {
    return shared;
  }
}
