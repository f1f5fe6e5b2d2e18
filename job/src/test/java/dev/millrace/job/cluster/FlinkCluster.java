package dev.millrace.job.cluster;

import dev.millrace.job.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer;

/**
 * One job manager and some task managers of one slot, each in a JVM of its own on the loopback
 * address, whom one may kill. Closing it ends every process that it started; the logs stay.
 *
 * <p>Flink 2.2 knows no high availability by files alone: leadership takes a ZooKeeper or a
 * Kubernetes. Here it is the ZooKeeper inside Flink's own jars; job graphs, checkpoints' metadata
 * and results are files under the cluster's directory.
 */
final class FlinkCluster implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final Pattern JOB_ID = Pattern.compile("(?i)job(?:id)? ([0-9a-f]{32})");
  private static final int JOB_MANAGER_HEAP = 256;
  private static final int TASK_HEAP = 256;
  private static final int FRAMEWORK_HEAP = 128;

  private final Path directory;
  private final ClusterOptions options;
  private final Map<String, String> configuration = new LinkedHashMap<>();
  private final List<JavaProcess> others = new ArrayList<>();
  private final Map<String, JavaProcess> taskManagers = new TreeMap<>();
  private final ClusterRest rest;
  private final String address;
  private JavaProcess jobManager;
  private int started;
  private int submitted;

  private FlinkCluster(Path directory, ClusterOptions options) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.options = options;
    address = "127.0.0.1:" + freePort();
    rest = new ClusterRest(address);
    configure();
  }

  /** Starts a cluster and waits until all its task managers are registered. */
  static FlinkCluster start(Path directory, ClusterOptions options) throws Exception {
    FlinkCluster cluster = new FlinkCluster(directory, options);
    try {
      FlinkHome.writePlugins(directory.resolve("plugins"));
      if (options.highAvailability()) {
        cluster.startZooKeeper();
      }
      cluster.startJobManager();
      for (Map<String, String> own : options.taskManagers()) {
        cluster.startTaskManager(own);
      }
      cluster.awaitTaskManagers();
      return cluster;
    } catch (Exception | AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  private void configure() throws IOException {
    configuration.put("jobmanager.rpc.address", "127.0.0.1");
    configuration.put("jobmanager.bind-host", "127.0.0.1");
    configuration.put("jobmanager.rpc.port", String.valueOf(freePort()));
    configuration.put("rest.address", "127.0.0.1");
    configuration.put("rest.port", address.substring(address.indexOf(':') + 1));
    configuration.put("taskmanager.host", "127.0.0.1");
    configuration.put("taskmanager.bind-host", "127.0.0.1");
    configuration.put("taskmanager.numberOfTaskSlots", "1");
    configuration.put("taskmanager.cpu.cores", "1.0");
    // Without the shell scripts nothing derives one of these from another.
    Map.of(
            "framework.heap.size", FRAMEWORK_HEAP + "m",
            "framework.off-heap.size", "64m",
            "task.heap.size", TASK_HEAP + "m",
            "task.off-heap.size", "256m",
            "managed.size", "0m",
            "network.min", "32m",
            "network.max", "32m",
            "jvm-metaspace.size", "192m",
            "jvm-overhead.min", "64m",
            "jvm-overhead.max", "64m")
        .forEach((key, value) -> configuration.put("taskmanager.memory." + key, value));
    // A process that was killed is missed after a few seconds, not after a minute.
    configuration.put("heartbeat.interval", "500 ms");
    configuration.put("heartbeat.timeout", "6 s");
    configuration.put("restart-strategy.type", "fixed-delay");
    configuration.put("restart-strategy.fixed-delay.attempts", "1000");
    configuration.put("restart-strategy.fixed-delay.delay", "300 ms");
    configuration.put("metrics.fetcher.update-interval", "200 ms");
    configuration.put("io.tmp.dirs", Files.createDirectories(directory.resolve("tmp")).toString());
    configuration.putAll(options.common());
  }

  private void startZooKeeper() throws Exception {
    int port = freePort();
    Path file = directory.resolve("zoo.cfg");
    Files.writeString(
        file,
        """
        tickTime=500
        dataDir=%s
        clientPortAddress=127.0.0.1
        clientPort=%d
        admin.enableServer=false
        """
            .formatted(directory.resolve("zookeeper"), port));
    configuration.put("high-availability.type", "zookeeper");
    configuration.put("high-availability.zookeeper.quorum", "127.0.0.1:" + port);
    configuration.put("high-availability.zookeeper.client.session-timeout", "5 s");
    configuration.put(
        "high-availability.storageDir", directory.resolve("high-availability").toUri().toString());
    Path conf = FlinkHome.writeConfiguration(directory.resolve("conf-zookeeper"), configuration);
    others.add(
        launch(
            "zookeeper",
            conf,
            64,
            List.of(
                FlinkZooKeeperQuorumPeer.class.getName(),
                "--zkConfigFile",
                file.toString(),
                "--peerId",
                "1")));
  }

  /** Starts the job manager, the first time or after it was killed. */
  void startJobManager() throws IOException {
    Path conf = FlinkHome.writeConfiguration(directory.resolve("conf"), configuration);
    jobManager =
        launch(
            "jobmanager",
            conf,
            JOB_MANAGER_HEAP,
            List.of(
                StandaloneSessionClusterEntrypoint.class.getName(),
                "--configDir",
                conf.toString(),
                "--executionMode",
                "cluster"));
  }

  void killJobManager() throws InterruptedException {
    jobManager.kill();
  }

  /** Starts one more task manager; its name, which is its resource id. */
  String startTaskManager(Map<String, String> own) throws IOException {
    String name = "tm-" + ++started;
    Map<String, String> values = new LinkedHashMap<>(configuration);
    values.put("taskmanager.resource-id", name);
    values.putAll(own);
    Path conf = FlinkHome.writeConfiguration(directory.resolve("conf-" + name), values);
    taskManagers.put(
        name,
        launch(
            name,
            conf,
            FRAMEWORK_HEAP + TASK_HEAP,
            List.of(TaskManagerRunner.class.getName(), "--configDir", conf.toString())));
    return name;
  }

  /** Kills a task manager (SIGKILL). */
  void killTaskManager(String name) throws InterruptedException {
    taskManagers.remove(name).kill();
  }

  /** Names of the task managers that were started and not killed. */
  List<String> taskManagers() {
    return List.copyOf(taskManagers.keySet());
  }

  /** Waits until the job manager knows all of them. */
  void awaitTaskManagers() {
    Await.until(
        "the task managers " + taskManagers(),
        PATIENCE,
        () -> {
          taskManagers.values().forEach(FlinkCluster::requireAlive);
          return rest.taskManagers();
        },
        registered -> registered.containsAll(taskManagers()),
        this::logs);
  }

  private static void requireAlive(JavaProcess process) {
    if (!process.isAlive()) {
      throw new AssertionError(process.name() + " has ended:\n" + process.tail());
    }
  }

  /** {@code flink run -d millrace-job.jar}, waiting until the job runs. */
  RunningJob submit(Path config, String... flags) throws Exception {
    RunningJob job = job(flinkRun(config, flags));
    job.awaitRunning(PATIENCE);
    return job;
  }

  /** {@code flink run -d millrace-job.jar}; what it printed. */
  String flinkRun(Path config, String... flags) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(CliFrontend.class.getName(), "run", "-d"));
    arguments.addAll(List.of(flags));
    arguments.addAll(
        List.of(FlinkHome.JOB_JAR.toString(), "--config", config.toAbsolutePath().toString()));
    JavaProcess client =
        launch("flink-run-" + ++submitted, directory.resolve("conf"), 200, arguments);
    client.exitCode(PATIENCE.toSeconds());
    return client.output();
  }

  /** {@code millrace run --remote}, waiting until the job runs. */
  RunningJob millraceRun(Path config, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(FlinkHome.commandLine());
    arguments.addAll(List.of("dev.millrace.job.cli.Millrace", "run", "--remote", address));
    arguments.addAll(List.of("--config", config.toAbsolutePath().toString()));
    arguments.addAll(List.of(more));
    JavaProcess client =
        JavaProcess.start("millrace-run-" + ++submitted, directory, Map.of(), arguments);
    client.exitCode(PATIENCE.toSeconds());
    RunningJob job = job(client.output());
    job.awaitRunning(PATIENCE);
    return job;
  }

  private RunningJob job(String output) {
    Matcher matcher = JOB_ID.matcher(output);
    if (!matcher.find()) {
      throw new AssertionError("no job was submitted:\n" + output + "\n" + logs());
    }
    return new RunningJob(rest, matcher.group(1), this::logs);
  }

  ClusterRest rest() {
    return rest;
  }

  /** All that a task manager wrote. */
  String log(String taskManager) {
    return taskManagers.get(taskManager).output();
  }

  /** The ends of all logs of processes that were not killed. */
  String logs() {
    List<JavaProcess> all = new ArrayList<>(others);
    all.add(jobManager);
    all.addAll(taskManagers.values());
    return all.stream().map(JavaProcess::tail).collect(Collectors.joining("\n"));
  }

  @Override
  public void close() throws InterruptedException {
    for (JavaProcess taskManager : taskManagers.values()) {
      taskManager.kill();
    }
    if (jobManager != null) {
      jobManager.kill();
    }
    for (JavaProcess other : others) {
      other.kill();
    }
  }

  private JavaProcess launch(String name, Path conf, int heapMegabytes, List<String> main)
      throws IOException {
    List<String> arguments = new ArrayList<>(FlinkHome.java(heapMegabytes));
    if (heapMegabytes < FRAMEWORK_HEAP + TASK_HEAP) {
      // It starts and dies sooner than the better compiler pays; a learner needs that one.
      arguments.add("-XX:TieredStopAtLevel=1");
    }
    arguments.add("-Dlog4j.configurationFile=" + conf.resolve("log4j2.properties").toUri());
    arguments.addAll(main);
    return JavaProcess.start(
        name,
        directory,
        Map.of(
            "FLINK_CONF_DIR",
            conf.toString(),
            "FLINK_PLUGINS_DIR",
            directory.resolve("plugins").toString(),
            "OPENBLAS_THREAD_TIMEOUT",
            "4"),
        arguments);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
