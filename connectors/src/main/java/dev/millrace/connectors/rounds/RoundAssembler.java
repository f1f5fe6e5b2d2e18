package dev.millrace.connectors.rounds;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the pieces of records together. A writer that died leaves the beginning of a record behind;
 * it is forgotten when another begins.
 */
final class RoundAssembler {

  private final Map<Key, Open> open = new HashMap<>();

  private record Key(int lane, long attempt) {}

  private static final class Open {
    private final RoundRecord record;
    private final int partition;
    private final long offset;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int next;

    private Open(RoundRecord record, int partition, long offset) {
      this.record = record;
      this.partition = partition;
      this.offset = offset;
    }
  }

  /** The record that this piece completes, if it does. */
  Optional<RoundLog.Read> add(RoundChunk chunk, int partition, long offset) {
    Key key = new Key(chunk.record().lane(), chunk.attempt());
    if (chunk.index() == 0) {
      // A lane has one writer at a time.
      open.keySet().removeIf(other -> other.lane() == key.lane());
      open.put(key, new Open(chunk.record(), partition, offset));
    }
    Open building = open.get(key);
    if (building == null || building.next != chunk.index()) {
      return Optional.empty();
    }
    building.bytes.writeBytes(chunk.bytes());
    building.next++;
    if (building.next < chunk.count()) {
      return Optional.empty();
    }
    open.remove(key);
    RoundRecord told = building.record;
    return Optional.of(
        new RoundLog.Read(
            new RoundRecord(told.lane(), told.from(), told.to(), building.bytes.toByteArray()),
            building.partition,
            building.offset));
  }

  /** Where the oldest record of a partition that is not complete begins; {@code end} for none. */
  long begin(int partition, long end) {
    return open.values().stream()
        .filter(building -> building.partition == partition)
        .mapToLong(building -> building.offset)
        .reduce(end, Math::min);
  }
}
