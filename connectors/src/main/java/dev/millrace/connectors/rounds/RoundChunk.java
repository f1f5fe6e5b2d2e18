package dev.millrace.connectors.rounds;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A piece of a {@link RoundRecord}, small enough for one Kafka record: its value is a mark, a
 * version, the run, the attempt that wrote it, the record's fields, the piece's number of how many,
 * and bytes of the news.
 */
record RoundChunk(
    String run, long attempt, RoundRecord record, int index, int count, byte[] bytes) {

  /** Below the largest record that a broker takes by default, with room for what stands beside. */
  static final int LARGEST = 768 << 10;

  private static final int MARK = 0x4d52524c;
  private static final int VERSION_1 = 1;
  private static final byte[] NONE = {};

  /** The pieces of a record, at least one. */
  static List<byte[]> of(String run, long attempt, RoundRecord record) {
    int count = Math.max(1, (record.news().length + LARGEST - 1) / LARGEST);
    List<byte[]> chunks = new ArrayList<>(count);
    for (int index = 0; index < count; index++) {
      int from = index * LARGEST;
      int length = Math.min(LARGEST, record.news().length - from);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(length + 128);
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        out.writeInt(MARK);
        out.writeInt(VERSION_1);
        out.writeUTF(run);
        out.writeLong(attempt);
        out.writeInt(record.lane());
        out.writeLong(record.from());
        out.writeLong(record.to());
        out.writeInt(index);
        out.writeInt(count);
        out.write(record.news(), from, length);
      } catch (IOException e) {
        throw new UncheckedIOException("memory cannot fail to be written", e);
      }
      chunks.add(bytes.toByteArray());
    }
    return chunks;
  }

  /** The piece that a value holds; empty if it is of something else. */
  static Optional<RoundChunk> read(byte[] value) {
    if (value == null) {
      return Optional.empty();
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
      if (in.readInt() != MARK || in.readInt() != VERSION_1) {
        return Optional.empty();
      }
      String run = in.readUTF();
      long attempt = in.readLong();
      RoundRecord record = new RoundRecord(in.readInt(), in.readLong(), in.readLong(), NONE);
      return Optional.of(
          new RoundChunk(run, attempt, record, in.readInt(), in.readInt(), in.readAllBytes()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
