package dev.millrace.job.config;

import dev.millrace.model.learner.ImageLearnerConfig;
import dev.millrace.model.learner.SequenceLearnerConfig;
import dev.millrace.model.objective.Objectives;
import java.util.Set;
import java.util.stream.Collectors;

/** The objectives as a table in Markdown. */
public final class ObjectiveTable {

  private ObjectiveTable() {}

  public static String markdown() {
    StringBuilder table =
        new StringBuilder(
            "| objective | loss | needs | interactions | images | paper |\n|---|---|---|---|---|---|\n");
    for (Objectives objective : Objectives.values()) {
      table
          .append("| `")
          .append(objective.key())
          .append("` | `")
          .append(objective.formula().replace("|", "\\|"))
          .append("` | ")
          .append(needs(objective))
          .append(" | ")
          .append(SequenceLearnerConfig.refusal(objective).isEmpty() ? "yes" : "")
          .append(" | ")
          .append(ImageLearnerConfig.refusal(objective).isEmpty() ? "yes" : "")
          .append(" | ")
          .append(objective.paper())
          .append(" |\n");
    }
    return table.toString();
  }

  /** What each form needs, in words. */
  public static String needs(Objectives objective) {
    String forms =
        objective.needs().entrySet().stream()
            .map(
                form ->
                    (form.getKey().isEmpty() ? "" : form.getKey() + ": ") + words(form.getValue()))
            .collect(Collectors.joining("; "));
    return objective.hasWeights() ? forms + "; trains weights of its own" : forms;
  }

  private static String words(Set<String> needs) {
    return needs.isEmpty() ? "rows" : String.join(", ", needs);
  }
}
