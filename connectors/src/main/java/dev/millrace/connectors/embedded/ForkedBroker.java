package dev.millrace.connectors.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker in a JVM of its own, with this JVM's class path: its heap and its garbage do not
 * mix with those of the job, and it can be killed. It ends with this process, however that ends;
 * when this process is killed, the data goes and only the log file stays.
 */
public final class ForkedBroker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ForkedBroker.class);
  private static final int LOG_TAIL_LINES = 30;
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  private final EmbeddedBrokerOptions options;
  private final Path directory;
  private final String bootstrapServers;
  private volatile Process process;
  private boolean closed;

  private ForkedBroker(
      EmbeddedBrokerOptions options, Process process, Path directory, String bootstrapServers) {
    this.options = options;
    this.process = process;
    this.directory = directory;
    this.bootstrapServers = bootstrapServers;
  }

  /** Starts a broker with the default options. */
  public static ForkedBroker start() {
    return start(EmbeddedBrokerOptions.defaults());
  }

  /**
   * Starts a broker process and waits until it answers.
   *
   * @throws IllegalStateException when it does not start in time; the message ends with the tail of
   *     its log
   */
  public static ForkedBroker start(EmbeddedBrokerOptions options) {
    Path directory = BrokerDirectory.create(options.directory());
    Path log = directory.resolve("broker.log");
    Process process = null;
    try {
      process = launch(options, directory, log, List.of());
      return new ForkedBroker(options, process, directory, awaitReady(process, options, log));
    } catch (RuntimeException e) {
      if (process != null) {
        stop(process);
      }
      BrokerDirectory.delete(directory);
      throw e;
    }
  }

  /** Address to give to clients, as {@code host:port}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** The broker's process, for whoever wants to watch or kill it. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Directory with the broker's data and its log file; deleted on close. */
  public Path directory() {
    return directory;
  }

  /** Kills the broker's process (SIGKILL); its data stays for {@link #restart}. */
  public synchronized void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * Starts a broker anew on the data and at the address of the one that was killed.
   *
   * @throws IllegalStateException if it still runs or is closed, or does not start in time
   */
  public synchronized void restart() {
    if (closed || process.isAlive()) {
      throw new IllegalStateException("only a broker that was killed can be restarted");
    }
    Path log = directory.resolve("broker.log");
    String port = bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1);
    process =
        launch(options, directory, log, List.of(BrokerDirectory.below(directory).toString(), port));
    awaitReady(process, options, log);
  }

  /** Stops the broker's process and deletes its data. A second call does nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stop(process);
    BrokerDirectory.delete(directory);
  }

  private static Process launch(
      EmbeddedBrokerOptions options, Path directory, Path log, List<String> more) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + options.heapMegabytes() + "m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            EmbeddedBrokerMain.class.getName(),
            directory.toString(),
            String.valueOf(options.maxMessageBytes()),
            String.valueOf(options.startTimeout().toMillis())));
    command.addAll(more);
    try {
      return new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.get(0), e);
    }
  }

  private static String awaitReady(Process process, EmbeddedBrokerOptions options, Path log) {
    // One thread that ends with the stream: a blocking read knows no timeout.
    CompletableFuture<String> ready = new CompletableFuture<>();
    Thread reader = new Thread(() -> readLine(process, ready), "forked-broker-ready");
    reader.setDaemon(true);
    reader.start();
    try {
      String address = ready.get(options.startTimeout().toMillis(), TimeUnit.MILLISECONDS);
      LOG.info("forked broker, process {}, answers at {}", process.pid(), address);
      return address;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the forked broker started", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "the forked broker did not answer within %s; the end of its log:%n%s"
              .formatted(options.startTimeout(), tail(log)),
          e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the forked broker did not start; the end of its log:%n%s".formatted(tail(log)),
          e.getCause());
    }
  }

  private static void readLine(Process process, CompletableFuture<String> ready) {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(EmbeddedBrokerMain.READY)) {
          ready.complete(line.substring(EmbeddedBrokerMain.READY.length()).trim());
        }
      }
      ready.completeExceptionally(new IOException("its process ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      int from = Math.max(0, lines.size() - LOG_TAIL_LINES);
      return String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  private static void stop(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      LOG.debug("the forked broker's input was closed already", e);
    }
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
