package dev.millrace.connectors.rounds;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Where lanes tell each other how far they are. Records of one lane come in the order in which they
 * were told; after a restart some may come again.
 */
public interface RoundLog extends AutoCloseable {

  /**
   * A record as it was read.
   *
   * @param partition where it was read
   * @param offset where a reader begins that shall meet it again
   */
  record Read(RoundRecord record, int partition, long offset) {}

  /** Tells; whether it arrived shows at a later call or at {@link #flush}. */
  void publish(RoundRecord record);

  /** Waits until all that was told has arrived. */
  void flush();

  /** All that is there now, from where this reader stands. */
  List<Read> readToEnd();

  /** From now on reads what these lanes tell, and no others. */
  void follow(Collection<Integer> lanes);

  /** What has come since the last call, or nothing after waiting so long. */
  List<Read> poll(Duration patience);

  /** By partition, where a reader begins that shall meet nothing that was read or told here. */
  Map<Integer, Long> positions();

  @Override
  void close();
}
