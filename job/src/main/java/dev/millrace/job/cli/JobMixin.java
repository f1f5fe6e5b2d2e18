package dev.millrace.job.cli;

import dev.millrace.job.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options of the job: a file, then single ones. */
final class JobMixin {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file of options; 'millrace options' lists them.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One option, such as learn.width=32; wins over the file. May be repeated.")
  private Map<String, String> set = new LinkedHashMap<>();

  /** Option keys to texts. */
  Map<String, String> values() throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    if (config != null) {
      values.putAll(ConfigFile.read(config));
    }
    values.putAll(set);
    return values;
  }
}
