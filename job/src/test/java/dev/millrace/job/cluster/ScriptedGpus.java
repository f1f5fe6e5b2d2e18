package dev.millrace.job.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.externalresource.ExternalResourceDriver;
import org.apache.flink.api.common.externalresource.ExternalResourceDriverFactory;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.configuration.Configuration;

/**
 * GPUs that a discovery script makes up, with the contract of Flink's own GPU plugin: the script's
 * argument is the amount, its output the indices, {@code 0,1}, and each is a resource with the
 * property {@code index}. Flink's plugin cannot be resolved from Maven Central (its parent is
 * missing there).
 */
public final class ScriptedGpus implements ExternalResourceDriverFactory {

  private static final String SCRIPT = "discovery-script.path";

  @Override
  public ExternalResourceDriver createExternalResourceDriver(Configuration configuration) {
    return new Driver(configuration.toMap().get(SCRIPT));
  }

  record Driver(String script) implements ExternalResourceDriver {
    @Override
    public Set<? extends ExternalResourceInfo> retrieveResourceInfo(long amount) throws Exception {
      Process process = new ProcessBuilder(List.of(script, Long.toString(amount))).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(script + " failed: " + output);
      }
      return Arrays.stream(output.split(",")).map(Gpu::new).collect(Collectors.toSet());
    }
  }

  record Gpu(String index) implements ExternalResourceInfo {
    @Override
    public Optional<String> getProperty(String key) {
      return key.equals("index") ? Optional.of(index) : Optional.empty();
    }

    @Override
    public Collection<String> getKeys() {
      return List.of("index");
    }
  }
}
