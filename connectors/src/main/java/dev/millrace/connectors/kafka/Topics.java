package dev.millrace.connectors.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topics that a job needs and that are not there yet. */
public final class Topics {

  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration LEADER_INTERVAL = Duration.ofMillis(20);

  private Topics() {}

  /** As {@link #ensure(String, List, Duration)}, waiting at most 15 seconds. */
  public static Set<String> ensure(String bootstrap, List<TopicSpec> topics) {
    return ensure(bootstrap, topics, TIMEOUT);
  }

  /**
   * Makes the topics that do not exist. Those that exist stay as they are, whatever their
   * partitions and settings.
   *
   * @param bootstrap address of the broker, as host:port
   * @param topics the topics
   * @param timeout how long to wait for the broker
   * @return names of the topics that were made
   * @throws IllegalStateException if no broker answers, or if it refuses; the message says what to
   *     do
   */
  public static Set<String> ensure(String bootstrap, List<TopicSpec> topics, Duration timeout) {
    int millis = Math.toIntExact(timeout.toMillis());
    Map<String, Object> properties =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, millis / 2),
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    // The client is closed without waiting: a broker that is not there would be waited for twice.
    Admin admin;
    try {
      admin = Admin.create(properties);
    } catch (KafkaException e) {
      throw unreachable(bootstrap, timeout, e);
    }
    try {
      Set<String> made = create(admin, bootstrap, topics, timeout);
      awaitLeaders(admin, bootstrap, partitionsOf(topics, made), timeout);
      return made;
    } finally {
      admin.close(Duration.ZERO);
    }
  }

  /**
   * Waits until every partition has a leader that takes records.
   *
   * <p>A broker names itself leader of a new partition a moment before it is. An idempotent
   * producer that writes within that moment has its first batch refused and its second, already on
   * its way, accepted; the first then is out of order at every retry until the delivery times out.
   *
   * @param partitions number of partitions of each topic
   * @throws ExecutionException if the broker refuses
   * @throws TimeoutException if some partition has no leader in time
   */
  public static void awaitLeaders(Admin admin, Map<String, Integer> partitions, Duration timeout)
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    partitions.forEach(
        (topic, count) -> {
          for (int partition = 0; partition < count; partition++) {
            ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
          }
        });
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      long left = Math.max(0, deadline - System.nanoTime());
      try {
        // Only a leader answers this.
        admin.listOffsets(ends).all().get(left, TimeUnit.NANOSECONDS);
        return;
      } catch (ExecutionException e) {
        // A topic that was made just now may be unknown for a moment.
        if (!(e.getCause() instanceof RetriableException) || left == 0) {
          throw e;
        }
        Thread.sleep(LEADER_INTERVAL.toMillis());
      }
    }
  }

  private static Map<String, Integer> partitionsOf(List<TopicSpec> topics, Set<String> names) {
    return topics.stream()
        .filter(topic -> names.contains(topic.name()))
        .collect(Collectors.toMap(TopicSpec::name, TopicSpec::partitions));
  }

  private static void awaitLeaders(
      Admin admin, String bootstrap, Map<String, Integer> partitions, Duration timeout) {
    try {
      awaitLeaders(admin, partitions, timeout);
    } catch (ExecutionException | TimeoutException e) {
      throw unreachable(bootstrap, timeout, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while making topics at " + bootstrap, e);
    }
  }

  private static Set<String> create(
      Admin admin, String bootstrap, List<TopicSpec> topics, Duration timeout) {
    List<NewTopic> newTopics =
        topics.stream()
            .map(
                topic ->
                    // The broker's own default of replicas suits one broker as well as many.
                    new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                        .configs(topic.settings()))
            .toList();
    Set<String> made = new TreeSet<>();
    for (Map.Entry<String, KafkaFuture<Void>> topic :
        admin.createTopics(newTopics).values().entrySet()) {
      try {
        topic.getValue().get(timeout.toMillis() + 1000, TimeUnit.MILLISECONDS);
        made.add(topic.getKey());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
          throw unreachable(bootstrap, timeout, e.getCause());
        }
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw new IllegalStateException(
              "the broker at "
                  + bootstrap
                  + " refused to make the topic "
                  + topic.getKey()
                  + ": "
                  + e.getCause().getMessage()
                  + "; make it by hand or give this client the right to",
              e.getCause());
        }
      } catch (TimeoutException e) {
        throw unreachable(bootstrap, timeout, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while making topics at " + bootstrap, e);
      }
    }
    return made;
  }

  private static IllegalStateException unreachable(
      String bootstrap, Duration timeout, Throwable cause) {
    return new IllegalStateException(
        "no Kafka broker answers at "
            + bootstrap
            + " within "
            + timeout.toMillis()
            + " ms; start it, or set "
            + KafkaSourceOptions.BOOTSTRAP_SERVERS.key()
            + " to the address of one that runs",
        cause);
  }
}
