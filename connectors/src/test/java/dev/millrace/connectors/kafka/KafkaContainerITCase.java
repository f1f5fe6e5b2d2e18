package dev.millrace.connectors.kafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The contract on a broker in a container. The build sets {@code millrace.docker} where a Docker
 * engine answers, and {@code millrace.kafka.image} where the image is not the official one.
 */
@EnabledIfSystemProperty(named = "millrace.docker", matches = "true")
final class KafkaContainerITCase extends KafkaContract {

  private static KafkaContainer container;

  @BeforeAll
  static void startContainer() {
    String image = System.getProperty("millrace.kafka.image", "apache/kafka:4.2.0");
    container =
        new KafkaContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("apache/kafka"));
    container.start();
  }

  @AfterAll
  static void stopContainer() {
    container.stop();
  }

  @Override
  String bootstrapServers() {
    return container.getBootstrapServers();
  }
}
