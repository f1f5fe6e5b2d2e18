package dev.millrace.connectors.replay;

import dev.millrace.connectors.kafka.Topics;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The brokers of a replay or a recording, with errors that say what to do. */
final class KafkaAccess {

  /** Largest request: a record of the size that a broker takes must not fail at the client. */
  static final int MAX_BYTES = 16 << 20;

  private KafkaAccess() {}

  /**
   * The number of partitions of a topic, which is made when it does not exist and may be.
   *
   * @param create partitions of a topic that is made; 0: it must exist
   */
  static int partitions(String bootstrap, String topic, int create, Duration timeout) {
    try (Admin admin = admin(bootstrap, timeout)) {
      Set<String> names = await(admin.listTopics().names(), bootstrap, timeout);
      if (!names.contains(topic)) {
        if (create == 0) {
          throw new IllegalStateException(
              "topic '%s' does not exist at %s%s: create it, or have it created by saying how many"
                      .formatted(topic, bootstrap, suggestion(topic, names))
                  + " partitions it shall have");
        }
        if (create(admin, bootstrap, topic, create, timeout)) {
          awaitLeaders(admin, bootstrap, topic, create, timeout);
          return create;
        }
      }
      int partitions =
          await(admin.describeTopics(List.of(topic)).allTopicNames(), bootstrap, timeout)
              .get(topic)
              .partitions()
              .size();
      awaitLeaders(admin, bootstrap, topic, partitions, timeout);
      return partitions;
    }
  }

  /** Where each partition of a topic ends now. */
  static Map<TopicPartition, Long> ends(
      Consumer<byte[], byte[]> consumer, String topic, int partitions, Duration timeout) {
    List<TopicPartition> all =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new TopicPartition(topic, partition))
            .toList();
    Map<TopicPartition, Long> ends =
        new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
    ends.putAll(consumer.endOffsets(all, timeout));
    return ends;
  }

  /** How many offsets lie between the beginnings and those ends. */
  static long records(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, Duration timeout) {
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(ends.keySet(), timeout);
    return ends.entrySet().stream()
        .mapToLong(end -> end.getValue() - beginnings.get(end.getKey()))
        .sum();
  }

  /** A producer that keeps order and loses nothing. */
  static Producer<byte[], byte[]> producer(String bootstrap, Duration timeout) {
    int millis = Math.toIntExact(timeout.toMillis());
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    settings.put("max.in.flight.requests.per.connection", 5);
    settings.put("linger.ms", 10);
    settings.put("batch.size", 256 << 10);
    settings.put("max.request.size", MAX_BYTES);
    settings.put("max.block.ms", millis);
    // The client asks for at least linger.ms more than one request may take.
    settings.put("request.timeout.ms", Math.max(1, Math.min(15_000, millis / 2)));
    settings.put("delivery.timeout.ms", millis + 10);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** A consumer that sees what was committed, without a group. */
  static Consumer<byte[], byte[]> consumer(String bootstrap) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", false);
    settings.put("auto.offset.reset", "earliest");
    settings.put("max.poll.records", 2000);
    // At the end of a partition a fetch waits this long, and the next partition behind it.
    settings.put("fetch.max.wait.ms", 50);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static Admin admin(String bootstrap, Duration timeout) {
    int millis = Math.toIntExact(timeout.toMillis());
    try {
      return Admin.create(
          Map.of(
              "bootstrap.servers", bootstrap,
              "default.api.timeout.ms", millis,
              "request.timeout.ms", Math.min(15_000, millis)));
    } catch (KafkaException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IllegalArgumentException(
          "'%s' cannot be used as the address of Kafka (write host:port): %s"
              .formatted(bootstrap, reason.getMessage()),
          e);
    }
  }

  /** Makes a topic; false when somebody else was faster. */
  private static boolean create(
      Admin admin, String bootstrap, String topic, int partitions, Duration timeout) {
    // Records carry the time of their event: retention by time would delete an old event at once.
    NewTopic wanted =
        new NewTopic(topic, Optional.of(partitions), Optional.empty())
            .configs(Map.of("retention.ms", "-1", "max.message.bytes", String.valueOf(MAX_BYTES)));
    try {
      await(admin.createTopics(List.of(wanted)).all(), bootstrap, timeout);
      return true;
    } catch (IllegalStateException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
      return false;
    }
  }

  private static void awaitLeaders(
      Admin admin, String bootstrap, String topic, int partitions, Duration timeout) {
    answer(
        bootstrap,
        timeout,
        () -> {
          Topics.awaitLeaders(admin, Map.of(topic, partitions), timeout);
          return null;
        });
  }

  private static <T> T await(KafkaFuture<T> future, String bootstrap, Duration timeout) {
    return answer(bootstrap, timeout, () -> future.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** What is asked of a broker, which throws as a future does. */
  private interface Question<T> {
    T ask() throws ExecutionException, TimeoutException, InterruptedException;
  }

  private static <T> T answer(String bootstrap, Duration timeout, Question<T> question) {
    try {
      return question.ask();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + bootstrap, e);
    } catch (TimeoutException e) {
      throw unreachable(bootstrap, timeout, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw unreachable(bootstrap, timeout, e.getCause());
      }
      throw new IllegalStateException(
          "Kafka at " + bootstrap + " refused: " + e.getCause().getMessage(), e.getCause());
    }
  }

  static IllegalStateException unreachable(String bootstrap, Duration timeout, Throwable cause) {
    return new IllegalStateException(
        "no Kafka broker answers at %s within %.1f s: start it, or name another address"
            .formatted(bootstrap, timeout.toMillis() / 1000.0),
        cause);
  }

  private static String suggestion(String topic, Set<String> names) {
    return names.isEmpty() ? "" : "; did you mean '" + NearestName.of(topic, names) + "'?";
  }
}
