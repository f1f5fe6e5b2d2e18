package dev.millrace.job.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace evaluate stream}. */
@Command(
    name = "stream",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs learner and baselines over a file, test then train, without Kafka and Flink: the same",
      "figures as the job, with confidence intervals. Rows of one user and time are one basket; each",
      "of its items is ranked with what came strictly before. 'all' ranks every item, 'new' those",
      "that the user never had, with the user's own left out of the list."
    })
final class EvaluateStreamCommand implements Callable<Integer> {

  @Mixin private StreamEvaluationMixin stream;

  @Override
  public Integer call() throws Exception {
    stream.run();
    return 0;
  }
}
