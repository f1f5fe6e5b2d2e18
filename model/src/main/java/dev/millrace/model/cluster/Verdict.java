package dev.millrace.model.cluster;

/** What a {@link CollapseGuard} finds. */
public enum Verdict {
  HEALTHY("Healthy", "nothing is wrong"),
  NON_FINITE(
      "NonFinite",
      "a loss, gradient or embedding is not finite: lower the learning rate or raise the"
          + " temperature"),
  EMBEDDINGS_COLLAPSED(
      "EmbeddingsCollapsed",
      "the embeddings of a batch are nearly the same: lower the learning rate or raise the batch"),
  PROTOTYPES_UNUSED(
      "PrototypesUnused",
      "few prototypes are used: take fewer of them, lower epsilon or freeze them for longer"),
  ONE_PROTOTYPE(
      "OnePrototype",
      "one prototype takes most embeddings: lower epsilon or freeze the prototypes for longer"),
  LOSS_PINNED(
      "LossPinned",
      "the loss stays at ln K, the loss of knowing nothing: lower epsilon, freeze the prototypes for"
          + " longer or take fewer of them");

  private final String id;
  private final String advice;

  Verdict(String id, String advice) {
    this.id = id;
    this.advice = advice;
  }

  /** Its name in metrics and dead letters. */
  public String id() {
    return id;
  }

  /** What it means and what to do. */
  public String advice() {
    return advice;
  }
}
