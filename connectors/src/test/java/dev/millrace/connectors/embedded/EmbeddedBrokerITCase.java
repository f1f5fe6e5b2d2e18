package dev.millrace.connectors.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.connectors.kafka.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EmbeddedBrokerITCase {

  @TempDir Path temporary;

  @Test
  void brokerInThisJvmKeepsRecordsWhoseTimeIsYearsAgoAndDeletesItsDataOnClose() throws Exception {
    EmbeddedBrokerOptions options = EmbeddedBrokerOptions.defaults().withDirectory(temporary);
    Path data;
    try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
      data = broker.directory();
      assertThat(data).exists().hasParent(temporary);
      assertThat(broker.bootstrapServers()).startsWith("127.0.0.1:");
      assertThat(roundTrip(broker.bootstrapServers())).isEqualTo("value");
    }
    assertThat(data).doesNotExist();
  }

  @Test
  void twoBrokersInOneJvmDoNotMeet() throws Exception {
    try (EmbeddedBroker one = EmbeddedBroker.start();
        EmbeddedBroker other = EmbeddedBroker.start()) {
      assertThat(one.bootstrapServers()).isNotEqualTo(other.bootstrapServers());
      assertThat(roundTrip(one.bootstrapServers())).isEqualTo("value");
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", other.bootstrapServers()))) {
        assertThat(admin.listTopics().names().get()).isEmpty();
      }
    }
  }

  @Test
  void portThatAnotherTookMeanwhileIsChosenAgain() throws Exception {
    EmbeddedBrokerOptions options = EmbeddedBrokerOptions.defaults().withDirectory(temporary);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket taken = new ServerSocket(0, 1, loopback);
        ServerSocket free = new ServerSocket(0, 1, loopback);
        ServerSocket alsoFree = new ServerSocket(0, 1, loopback)) {
      AtomicInteger attempts = new AtomicInteger();
      Supplier<int[]> ports =
          () -> {
            closeUnchecked(free);
            closeUnchecked(alsoFree);
            int first =
                attempts.incrementAndGet() == 1 ? taken.getLocalPort() : free.getLocalPort();
            return new int[] {first, alsoFree.getLocalPort()};
          };
      try (EmbeddedBroker broker = EmbeddedBroker.start(options, ports)) {
        assertThat(attempts).hasValue(2);
        assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + free.getLocalPort());
        assertThat(roundTrip(broker.bootstrapServers())).isEqualTo("value");
      }
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void closingTwiceDoesNothingMore() {
    EmbeddedBroker broker = EmbeddedBroker.start();
    broker.close();
    broker.close();
    assertThat(broker.directory()).doesNotExist();
  }

  @Test
  void forkedBrokerServesAndStopsOnClose() throws Exception {
    ProcessHandle process;
    Path data;
    try (ForkedBroker broker =
        ForkedBroker.start(EmbeddedBrokerOptions.defaults().withDirectory(temporary))) {
      process = broker.process();
      data = broker.directory();
      assertThat(process.isAlive()).isTrue();
      assertThat(data.resolve("broker.log")).exists();
      assertThat(roundTrip(broker.bootstrapServers())).isEqualTo("value");
    }
    assertThat(process.isAlive()).isFalse();
    assertThat(data).doesNotExist();
  }

  @Test
  void forkedBrokerThatIsKilledLeavesNothingBehindOnClose() throws Exception {
    ForkedBroker broker =
        ForkedBroker.start(EmbeddedBrokerOptions.defaults().withDirectory(temporary));
    broker.process().destroyForcibly();
    broker.process().onExit().get(30, TimeUnit.SECONDS);
    broker.close();
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void killedBrokerRestartsAtItsAddressWithItsData() throws Exception {
    try (ForkedBroker broker =
        ForkedBroker.start(EmbeddedBrokerOptions.defaults().withDirectory(temporary))) {
      String address = broker.bootstrapServers();
      assertThatThrownBy(broker::restart).hasMessageContaining("only a broker that was killed");
      assertThat(roundTrip(address)).isEqualTo("value");
      broker.kill();
      broker.restart();
      assertThat(broker.bootstrapServers()).isEqualTo(address);
      assertThat(firstValue(address)).isEqualTo("value");
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void brokerProcessEndsWhenItsParentsPipeDoes() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedBrokerMain.class.getName(),
                temporary.toString(),
                "1048576",
                "60000")
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try {
      String line = process.inputReader().readLine();
      assertThat(line).startsWith(EmbeddedBrokerMain.READY);

      process.getOutputStream().close();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(temporary).isEmptyDirectory();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void forkedBrokerThatDoesNotStartInTimeShowsItsLogAndLeavesNothing() {
    EmbeddedBrokerOptions hasty =
        EmbeddedBrokerOptions.defaults()
            .withDirectory(temporary)
            .withStartTimeout(Duration.ofMillis(1));
    assertThatThrownBy(() -> ForkedBroker.start(hasty))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the end of its log");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void directoryThatCannotBeMadeIsNamed() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "in the way");
    EmbeddedBrokerOptions options = EmbeddedBrokerOptions.defaults().withDirectory(file);
    assertThatThrownBy(() -> EmbeddedBroker.start(options)).hasMessageContaining(file.toString());
  }

  private static void closeUnchecked(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String roundTrip(String bootstrap) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      NewTopic topic = new NewTopic("events", Optional.of(2), Optional.empty());
      admin.createTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
      Topics.awaitLeaders(admin, Map.of("events", 2), Duration.ofSeconds(30));
    }
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>("events", 0, 1_000L, "key", "value")).get();
    }
    return firstValue(bootstrap);
  }

  private static String firstValue(String bootstrap) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                "test",
                "enable.auto.commit",
                "false",
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of("events"));
      for (int attempt = 0; attempt < 300; attempt++) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
          return record.value();
        }
      }
    }
    throw new AssertionError("no record within 30 s");
  }
}
