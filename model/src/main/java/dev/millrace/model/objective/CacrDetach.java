package dev.millrace.model.objective;

/** Which weights of CACR are constants: the parameter {@code detachWeights} of all its forms. */
enum CacrDetach {
  /** All of them; also written {@code true}. */
  ALL,
  /** Of the logits only those of the bank. */
  BANK,
  /** None; also written {@code false}. */
  NONE;

  static CacrDetach of(ObjectiveParameters parameters) {
    String word = parameters.choice("detachWeights", "all", "all", "bank", "none", "true", "false");
    return switch (word) {
      case "all", "true" -> ALL;
      case "bank" -> BANK;
      default -> NONE;
    };
  }
}
