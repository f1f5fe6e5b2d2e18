package dev.millrace.job.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.job.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A job on a cluster. */
final class RunningJob {

  private final ClusterRest rest;
  private final String id;
  private final Supplier<String> logs;

  RunningJob(ClusterRest rest, String id, Supplier<String> logs) {
    this.rest = rest;
    this.id = id;
    this.logs = logs;
  }

  String logs() {
    return logs.get();
  }

  String id() {
    return id;
  }

  /** RUNNING, FINISHED and so on. */
  String state() throws Exception {
    return rest.get("/jobs/" + id).get("state").asText();
  }

  /** Waits until every subtask runs. */
  void awaitRunning(Duration patience) {
    await("every subtask of the job to run", patience, this::allRun, runs -> runs);
  }

  private boolean allRun() throws Exception {
    JsonNode job = rest.get("/jobs/" + id);
    if (!job.get("state").asText().equals("RUNNING")) {
      return false;
    }
    for (JsonNode vertex : job.get("vertices")) {
      if (vertex.get("tasks").get("RUNNING").asInt() != vertex.get("parallelism").asInt()) {
        return false;
      }
    }
    return true;
  }

  void awaitState(String state, Duration patience) {
    await("the job to be " + state, patience, this::state, state::equals);
  }

  /**
   * Waits until a checkpoint is complete that was triggered after a moment.
   *
   * @param after in milliseconds since the epoch
   * @return when it was complete
   */
  long awaitCheckpoint(long after, Duration patience) {
    return await(
            "a checkpoint",
            patience,
            () -> rest.get("/jobs/" + id + "/checkpoints").get("latest").get("completed"),
            latest -> latest.hasNonNull("id") && latest.get("trigger_timestamp").asLong() > after)
        .get("latest_ack_timestamp")
        .asLong();
  }

  /** Whether a checkpoint is complete that was triggered after a moment. */
  boolean hasCheckpointAfter(long after) throws Exception {
    JsonNode latest = rest.get("/jobs/" + id + "/checkpoints").get("latest").get("completed");
    return latest.hasNonNull("id") && latest.get("trigger_timestamp").asLong() > after;
  }

  /** Records that the present learner has received, 0 while it cannot be asked. */
  long learnerRecords() {
    try {
      for (JsonNode vertex : rest.get("/jobs/" + id).get("vertices")) {
        if (vertex.get("name").asText().matches("learn( ->.*)?")) {
          return vertex.get("metrics").get("read-records").asLong();
        }
      }
      return 0;
    } catch (Exception e) {
      return 0;
    }
  }

  /** Failures since the job was submitted or its job manager started, the newest as text. */
  String failure() throws Exception {
    return rest.get("/jobs/" + id + "/exceptions").toString();
  }

  /** How often a checkpoint was restored, as far as the present job manager knows. */
  long restores() throws Exception {
    return rest.get("/jobs/" + id + "/checkpoints").get("counts").get("restored").asLong();
  }

  /** Task managers of each vertex, by the vertex's name. */
  Map<String, Set<String>> placement() throws Exception {
    Map<String, Set<String>> placement = new TreeMap<>();
    for (JsonNode vertex : rest.get("/jobs/" + id).get("vertices")) {
      JsonNode subtasks = rest.get("/jobs/" + id + "/vertices/" + vertex.get("id").asText());
      Set<String> managers = new TreeSet<>();
      subtasks.get("subtasks").forEach(one -> managers.add(one.get("taskmanager-id").asText()));
      placement.put(vertex.get("name").asText(), managers);
    }
    return placement;
  }

  /** Stops with a savepoint; its path. Drained: all that waits is learned first. */
  String stop(Path directory, boolean drain) {
    String request =
        await(
                "the request to stop",
                Duration.ofMinutes(1),
                () ->
                    rest.post(
                        "/jobs/" + id + "/stop",
                        "{\"targetDirectory\":\"%s\",\"drain\":%s}"
                            .formatted(directory.toUri(), drain)),
                answer -> answer.hasNonNull("request-id"))
            .get("request-id")
            .asText();
    JsonNode result =
        await(
            "the savepoint",
            Duration.ofMinutes(2),
            () -> rest.get("/jobs/" + id + "/savepoints/" + request),
            answer -> answer.get("status").get("id").asText().equals("COMPLETED"));
    JsonNode location = result.get("operation").get("location");
    if (location == null) {
      throw new AssertionError("no savepoint: " + result.get("operation"));
    }
    awaitState("FINISHED", Duration.ofMinutes(1));
    return location.asText();
  }

  void cancel() throws Exception {
    rest.cancel(id);
    awaitState("CANCELED", Duration.ofMinutes(1));
  }

  private <T> T await(
      String what,
      Duration patience,
      java.util.concurrent.Callable<T> question,
      Predicate<T> wanted) {
    return Await.until(what, patience, question, wanted, logs);
  }
}
