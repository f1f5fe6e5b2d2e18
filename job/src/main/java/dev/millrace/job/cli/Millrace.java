package dev.millrace.job.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code millrace} command. Exit codes: 0 done, 1 it failed, 2 it was called wrongly. */
@Command(
    name = "millrace",
    mixinStandardHelpOptions = true,
    version = "millrace 0.1.0",
    description = "Online contrastive learning on live streams.",
    subcommands = {
      DemoCommand.class,
      ReplayCommand.class,
      RecordCommand.class,
      RunCommand.class,
      EvaluateCommand.class,
      ObjectivesCommand.class,
      OptionsCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Millrace implements Runnable {

  @Spec private CommandSpec spec;

  private Millrace() {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Say what to do: one of " + spec.subcommands().keySet());
  }

  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  /** Runs a command line and returns its exit code. */
  static int execute(String... arguments) {
    return new CommandLine(new Millrace())
        .setExecutionExceptionHandler(
            (failure, command, result) -> {
              command.getErr().println("millrace: " + Failures.message(failure));
              if (Boolean.getBoolean("millrace.stacktrace")) {
                failure.printStackTrace(command.getErr());
              } else {
                command
                    .getErr()
                    .println("(MILLRACE_JVM_OPTIONS=-Dmillrace.stacktrace=true shows the trace)");
              }
              return failure instanceof IllegalArgumentException ? 2 : 1;
            })
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(arguments);
  }
}
