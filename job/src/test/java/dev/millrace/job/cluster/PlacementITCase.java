package dev.millrace.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.connectors.embedded.EmbeddedBroker;
import dev.millrace.job.TestJobs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster with one GPU task manager, whose GPUs a script makes up. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class PlacementITCase {

  @Test
  void learnersAndNothingElseRunOnTheGpuTaskManager() throws Exception {
    Path work = Work.fresh(Path.of("target", "placement-it").toAbsolutePath());
    Path script = work.resolve("discover.sh");
    Files.writeString(script, "#!/bin/sh\necho 0,1\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Map<String, String> gpu =
        Map.of(
            "external-resources",
            "gpu",
            "external-resource.gpu.amount",
            "2",
            "external-resource.gpu.driver-factory.class",
            ScriptedGpus.class.getName(),
            "external-resource.gpu.param.discovery-script.path",
            script.toString());
    Map<String, String> cpu =
        Map.of("external-resources", "cpunode", "external-resource.cpunode.amount", "8");
    Map<String, String> values = new LinkedHashMap<>(TestJobs.smallLearner());
    values.put("learn.device", "gpu");
    values.put("learn.slot.heap", "128 mb");
    values.put("learn.slot.off-heap", "128 mb");
    values.put("job.slot.heap", "128 mb");
    values.put("job.slot.resource", "cpunode");
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        FlinkCluster cluster =
            FlinkCluster.start(work, ClusterOptions.of(2).withTaskManagers(List.of(gpu, cpu)))) {
      LearningRun run =
          new LearningRun("placed", broker.bootstrapServers(), "interactions", work, values);
      RunningJob job = cluster.submit(run.configFile());
      job.placement()
          .forEach(
              (vertex, managers) ->
                  assertThat(managers)
                      .as(vertex)
                      .isEqualTo(Set.of(vertex.equals("learn") ? "tm-1" : "tm-2")));
      assertThat(job.placement().keySet()).anyMatch(vertex -> vertex.equals("learn"));
      assertThat(cluster.log("tm-1")).contains("GPU 0 is assigned");
      job.cancel();
    }
  }
}
