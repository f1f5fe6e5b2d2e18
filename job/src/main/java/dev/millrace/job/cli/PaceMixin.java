package dev.millrace.job.cli;

import dev.millrace.connectors.replay.Pace;
import picocli.CommandLine.Option;

/** How fast events are sent. */
final class PaceMixin {

  @Option(
      names = "--speed",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "X times the speed at which the events happened; 0 as fast as possible."
              + " Default: ${DEFAULT-VALUE}")
  private double speed;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "R events a second, whatever their times.")
  private Double rate;

  Pace pace() {
    if (rate != null && speed != 0) {
      throw new IllegalArgumentException("give --speed or --rate, not both");
    }
    if (rate != null) {
      return new Pace.Rate(rate);
    }
    return speed == 0 ? new Pace.Unlimited() : new Pace.Speed(speed);
  }
}
