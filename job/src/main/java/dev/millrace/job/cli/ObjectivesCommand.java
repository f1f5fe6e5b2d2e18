package dev.millrace.job.cli;

import dev.millrace.model.objective.Objectives;
import picocli.CommandLine.Command;

/** {@code millrace objectives}. */
@Command(
    name = "objectives",
    mixinStandardHelpOptions = true,
    description = "Lists the objectives with their papers.")
final class ObjectivesCommand implements Runnable {

  @Override
  public void run() {
    for (Objectives objective : Objectives.values()) {
      System.out.printf("%-12s %s%n", objective.key(), objective.paper());
    }
  }
}
