package dev.millrace.job.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace evaluate}; without the name of a kind it evaluates a stream. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {
      EvaluateStreamCommand.class,
      EvaluateSequencesCommand.class,
      EvaluateVisionCommand.class
    },
    description = {
      "Measures a learner without Kafka and Flink: on a stream, test then train; on sequences,",
      "leave-one-out; an image encoder beside human vision. 'millrace evaluate [FILE]' is short for",
      "'millrace evaluate stream [FILE]'."
    })
final class EvaluateCommand implements Callable<Integer> {

  @Mixin private StreamEvaluationMixin stream;

  @Override
  public Integer call() throws Exception {
    stream.run();
    return 0;
  }
}
