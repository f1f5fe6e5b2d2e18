package dev.millrace.connectors.kafka;

import org.apache.flink.configuration.ReadableConfig;

/** How large records may be; what does not fit into Kafka would end the job. */
final class RecordSizes {

  /** Key, headers and what Kafka adds. */
  private static final int BESIDE_THE_VALUE = 64 << 10;

  private static final int KAFKAS_DEFAULT = 1 << 20;
  private static final int MOST = 512 << 20;

  private RecordSizes() {}

  /**
   * Largest record of the images' topic: half as much again as the largest image, so that Base64
   * fits and an image somewhat too large becomes a dead letter and not an error at its sender.
   */
  static int largestImage(ReadableConfig config) {
    long image = OptionChecks.bytes(config, KafkaSourceOptions.IMAGES_MAX_BYTES);
    return bounded(image + image / 2 + BESIDE_THE_VALUE);
  }

  /** Largest dead letter: the largest record of a source, with its key and value in Base64. */
  static int largestDeadLetter(ReadableConfig config) {
    long image = largestImage(config);
    return bounded(image + image / 2 + BESIDE_THE_VALUE);
  }

  private static int bounded(long bytes) {
    return (int) Math.max(KAFKAS_DEFAULT, Math.min(MOST, bytes));
  }
}
