package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One form of an objective: a class with a signature of its own, such as contrast within the batch
 * or against a bank.
 *
 * @param name the word of the parameter {@code variant}; empty for the only form
 * @param factory makes it
 * @param orderMatters why permuting the batch changes its result; empty if it does not
 */
record Form(String name, Factory factory, String orderMatters) {

  /** A constructor. */
  interface Factory {
    Objective create(Kernels kernels, ObjectiveParameters parameters);
  }

  static Form form(String name, Factory factory) {
    return new Form(name, factory, "");
  }

  /** The same form, not invariant under permutation of the batch for this reason. */
  Form orderMatters(String reason) {
    return new Form(name, factory, reason);
  }

  /** The signature with these parameters; constructors do not touch the kernels, so none exist. */
  Signature signature(ObjectiveParameters parameters) {
    return factory.create(null, parameters).signature();
  }

  /** What a job must provide, in words: views, bank, labels, prototypes, or an input's name. */
  Set<String> needs() {
    Set<String> needs = new LinkedHashSet<>();
    int views = 0;
    for (Signature.Input input : signature(ObjectiveParameters.defaults()).inputs()) {
      if (!input.required()) {
        continue;
      }
      boolean labels = input.name().equals("labels") || input.name().equals("partner");
      if (input.kind() == Signature.Kind.PARAMETER) {
        // Other weights are the learner's to make; prototypes are worth a word.
        if (input.name().equals("prototypes")) {
          needs.add("prototypes");
        }
      } else if (input.shape().contains("M")) {
        needs.add("bank");
      } else if (labels || input.range().kind() == ValueRange.Kind.IDS) {
        needs.add("labels");
      } else if (input.shape().contains("V") || stacksViews(input)) {
        needs.add("views");
      } else if (endsWithRows(input)) {
        views++;
      } else {
        needs.add(input.name());
      }
    }
    if (views > 1) {
      needs.add("views");
    }
    return needs;
  }

  /** Whether it is states, in one block or in one for each head. */
  private static boolean endsWithRows(Signature.Input input) {
    return input.describe().equals("B x D") || input.describe().endsWith(" x B x D");
  }

  /** Whether its rows are several blocks of the batch, {@code 2B x D}. */
  private static boolean stacksViews(Signature.Input input) {
    Dimension rows = input.dimensions().get(0);
    return rows.symbol().equals("B") && rows.factor() > 1;
  }
}
