package dev.millrace.connectors.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** Settings of a single small node that is broker and controller at once. */
final class BrokerSettings {

  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";
  static final String HOST = "127.0.0.1";

  private BrokerSettings() {}

  static Properties of(
      EmbeddedBrokerOptions options, Path logs, int brokerPort, int controllerPort) {
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "process.roles",
            "broker,controller",
            "node.id",
            String.valueOf(NODE_ID),
            "controller.quorum.voters",
            NODE_ID + "@" + HOST + ":" + controllerPort,
            "controller.listener.names",
            CONTROLLER_LISTENER,
            "inter.broker.listener.name",
            "PLAINTEXT",
            "listener.security.protocol.map",
            "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT",
            "listeners",
            "PLAINTEXT://%s:%d,%s://%s:%d"
                .formatted(HOST, brokerPort, CONTROLLER_LISTENER, HOST, controllerPort),
            "advertised.listeners",
            "PLAINTEXT://" + HOST + ":" + brokerPort,
            "log.dirs",
            logs.toString()));
    // One node can hold one copy of anything, and a handful of clients needs few partitions.
    settings.putAll(
        Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "2",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "transaction.state.log.num.partitions", "2",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1",
            "share.coordinator.state.topic.num.partitions", "1",
            "min.insync.replicas", "1",
            "default.replication.factor", "1"));
    // Records carry the time of their event, which may be years ago: retention by time would delete
    // them at once.
    settings.putAll(
        Map.of(
            "log.retention.ms", "-1",
            "log.retention.bytes", "-1",
            "auto.create.topics.enable", "false",
            "group.initial.rebalance.delay.ms", "0",
            "transaction.max.timeout.ms", "3600000",
            "message.max.bytes", String.valueOf(options.maxMessageBytes()),
            "socket.request.max.bytes",
                String.valueOf(Math.max(100 << 20, options.maxMessageBytes())),
            "controlled.shutdown.enable", "false",
            "log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20),
            "num.network.threads", "2"));
    settings.putAll(Map.of("num.io.threads", "4", "background.threads", "2"));
    return settings;
  }
}
