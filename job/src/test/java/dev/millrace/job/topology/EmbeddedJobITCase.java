package dev.millrace.job.topology;

import dev.millrace.connectors.embedded.EmbeddedBroker;
import dev.millrace.connectors.kafka.TestTopics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The job on a real broker in this JVM. */
class EmbeddedJobITCase extends JobContract {

  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start();
    new TestTopics(broker.bootstrapServers()).awaitWritable();
  }

  @AfterAll
  static void stopBroker() throws Exception {
    broker.close();
  }

  @Override
  String bootstrapServers() {
    return broker.bootstrapServers();
  }
}
