package dev.millrace.job.cli;

import dev.millrace.job.config.ObjectiveTable;
import dev.millrace.model.learner.ImageLearnerConfig;
import dev.millrace.model.learner.SequenceLearnerConfig;
import dev.millrace.model.objective.Objectives;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace objectives}. */
@Command(
    name = "objectives",
    mixinStandardHelpOptions = true,
    description = "Lists the objectives: loss, what each needs, parameters, and its paper.")
final class ObjectivesCommand implements Runnable {

  @Option(names = "--markdown", description = "As the table that stands in the README.")
  private boolean markdown;

  @Override
  public void run() {
    if (markdown) {
      System.out.print(ObjectiveTable.markdown());
      return;
    }
    for (Objectives objective : Objectives.values()) {
      System.out.println(objective.key());
      line("loss", objective.formula());
      line("needs", ObjectiveTable.needs(objective));
      line("interactions", SequenceLearnerConfig.refusal(objective).orElse("yes"));
      line("images", ImageLearnerConfig.refusal(objective).orElse("yes"));
      for (String variant : objective.variants()) {
        line(
            variant.isEmpty() ? "parameters" : "parameters, " + variant,
            objective.defaults(variant).toString());
      }
      line("paper", objective.paper());
    }
  }

  private static void line(String head, String text) {
    System.out.printf("  %-14s %s%n", head, text);
  }
}
