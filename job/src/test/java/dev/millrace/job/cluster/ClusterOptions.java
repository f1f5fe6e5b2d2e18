package dev.millrace.job.cluster;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What a cluster is made of.
 *
 * @param highAvailability whether a job manager that is killed can be started again with its jobs:
 *     leadership in a ZooKeeper, everything else in files
 * @param taskManagers configuration of each task manager beside the common one
 * @param common configuration of all processes
 */
record ClusterOptions(
    boolean highAvailability, List<Map<String, String>> taskManagers, Map<String, String> common) {

  static ClusterOptions of(int taskManagers) {
    return new ClusterOptions(
        false, Collections.nCopies(taskManagers, Map.<String, String>of()), Map.of());
  }

  ClusterOptions highlyAvailable() {
    return new ClusterOptions(true, taskManagers, common);
  }

  ClusterOptions with(Map<String, String> configuration) {
    return new ClusterOptions(highAvailability, taskManagers, configuration);
  }

  ClusterOptions withTaskManagers(List<Map<String, String>> each) {
    return new ClusterOptions(highAvailability, each, common);
  }
}
