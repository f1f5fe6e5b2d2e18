package dev.millrace.connectors.replay;

import org.apache.kafka.common.utils.Utils;

/**
 * Where a record goes, said before it is sent: the producer's own choice depends on its batches.
 */
final class Partitions {

  private Partitions() {}

  /** The partition that Kafka's default partitioner takes for a key; 0 without a key. */
  static int ofKey(byte[] key, int partitions) {
    return key == null ? 0 : Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  /** The partition a record had, when there are as many now; else that of its key. */
  static int kept(int partition, int partitionsThen, byte[] key, int partitionsNow) {
    return partitionsThen == partitionsNow ? partition : ofKey(key, partitionsNow);
  }
}
