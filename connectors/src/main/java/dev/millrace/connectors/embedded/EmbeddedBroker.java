package dev.millrace.connectors.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker in this JVM: one node in KRaft mode that listens on the loopback address only, on
 * ports that the system chose. Its data goes away with it.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final int ATTEMPTS = 5;
  private static final String LOGS = "logs";

  private final KafkaRaftServer server;
  private final Path directory;
  private final String bootstrapServers;
  private boolean closed;

  private EmbeddedBroker(KafkaRaftServer server, Path directory, String bootstrapServers) {
    this.server = server;
    this.directory = directory;
    this.bootstrapServers = bootstrapServers;
  }

  /** Starts a broker with the default options. */
  public static EmbeddedBroker start() {
    return start(EmbeddedBrokerOptions.defaults());
  }

  /**
   * Starts a broker and waits until it answers.
   *
   * @throws IllegalStateException when it does not start, or does not answer in time
   */
  public static EmbeddedBroker start(EmbeddedBrokerOptions options) {
    return start(options, EmbeddedBroker::freePorts);
  }

  /**
   * Starts a broker on the data and at the address of one that was killed.
   *
   * @param data the directory of the killed one; deleted on close
   * @param port port that it listened on
   */
  static EmbeddedBroker resume(EmbeddedBrokerOptions options, Path data, int port) {
    return startOnce(options, data, new int[] {port, freePorts()[0]});
  }

  /**
   * @param ports gives a port for the broker and one for the controller
   */
  static EmbeddedBroker start(EmbeddedBrokerOptions options, Supplier<int[]> ports) {
    // Between the choice of a port and its use another process may take it: choose again.
    RuntimeException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return startOnce(options, ports.get());
      } catch (RuntimeException e) {
        if (!isPortCollision(e)) {
          throw e;
        }
        last = e;
      }
    }
    throw new IllegalStateException(
        "the embedded broker found no free port in " + ATTEMPTS + " attempts", last);
  }

  /** Address to give to clients, as {@code host:port}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Directory with the broker's data; deleted on close. */
  public Path directory() {
    return directory;
  }

  /** Stops the broker and deletes its data. A second call does nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      server.shutdown();
      server.awaitShutdown();
    } finally {
      BrokerDirectory.delete(directory);
    }
  }

  private static EmbeddedBroker startOnce(EmbeddedBrokerOptions options, int[] ports) {
    Path directory = BrokerDirectory.create(options.directory());
    try {
      format(directory.resolve(LOGS));
      return startOnce(options, directory, ports);
    } catch (RuntimeException e) {
      BrokerDirectory.delete(directory);
      throw e;
    }
  }

  private static EmbeddedBroker startOnce(
      EmbeddedBrokerOptions options, Path directory, int[] ports) {
    KafkaRaftServer server = null;
    try {
      Properties settings = BrokerSettings.of(options, directory.resolve(LOGS), ports[0], ports[1]);
      server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
      server.startup();
      String address = BrokerSettings.HOST + ":" + ports[0];
      awaitAnswer(address, options.startTimeout());
      LOG.info("embedded broker answers at {}", address);
      return new EmbeddedBroker(server, directory, address);
    } catch (RuntimeException e) {
      if (server != null) {
        server.shutdown();
      }
      throw e;
    }
  }

  private static void format(Path logs) {
    Formatter formatter =
        new Formatter()
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
            .setNodeId(BrokerSettings.NODE_ID)
            .setClusterId(Uuid.randomUuid().toString())
            .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
            .setMetadataLogDirectory(logs.toString())
            .addDirectory(logs.toString());
    try {
      formatter.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("cannot format the broker's storage at " + logs, e);
    }
  }

  private static void awaitAnswer(String address, Duration timeout) {
    Map<String, Object> client =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis(),
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) Math.min(5000, timeout.toMillis()));
    try (Admin admin = Admin.create(client)) {
      admin.describeCluster().nodes().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the embedded broker started", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "the embedded broker at " + address + " did not answer within " + timeout, e);
    }
  }

  /** Two distinct ports, both held open until both are known. */
  private static int[] freePorts() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket first = new ServerSocket();
        ServerSocket second = new ServerSocket()) {
      first.bind(new InetSocketAddress(loopback, 0));
      second.bind(new InetSocketAddress(loopback, 0));
      return new int[] {first.getLocalPort(), second.getLocalPort()};
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on " + loopback, e);
    }
  }

  private static boolean isPortCollision(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof BindException
          || String.valueOf(at.getMessage()).contains("Address already in use")) {
        return true;
      }
    }
    return false;
  }
}
