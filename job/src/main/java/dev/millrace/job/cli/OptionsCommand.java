package dev.millrace.job.cli;

import dev.millrace.job.config.OptionTable;
import picocli.CommandLine.Command;

/** {@code millrace options}. */
@Command(
    name = "options",
    mixinStandardHelpOptions = true,
    description = "Prints the table of the job's options, as it stands in the README.")
final class OptionsCommand implements Runnable {

  @Override
  public void run() {
    System.out.print(OptionTable.markdown());
  }
}
