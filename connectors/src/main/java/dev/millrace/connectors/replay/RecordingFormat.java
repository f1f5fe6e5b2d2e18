package dev.millrace.connectors.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The lines of a recording: one JSON object for the topic, then one for each record. A value that
 * is JSON stands there as JSON where writing it again gives the same bytes, else in base64; so does
 * a key that is text. A key or a value that is null is left out.
 */
final class RecordingFormat {

  static final int VERSION = 1;
  private static final String VERSION_FIELD = "millrace-recording";

  // A value nests deeper in its line than alone, and base64 is longer than what it stands for.
  private static final JsonMapper VALUES = mapper(500, 16 << 20);
  private static final JsonMapper JSON = mapper(1000, Integer.MAX_VALUE);

  private RecordingFormat() {}

  /**
   * The first line.
   *
   * @param topic topic that was recorded
   * @param partitions how many it had
   */
  record Head(String topic, int partitions) {}

  /** A record as it was recorded. */
  record Recorded(int partition, long timestamp, byte[] key, byte[] value, RecordHeaders headers) {}

  static String head(Head head) {
    ObjectNode line = JSON.createObjectNode();
    line.put(VERSION_FIELD, VERSION);
    line.put("topic", head.topic());
    line.put("partitions", head.partitions());
    return line.toString();
  }

  /**
   * Reads the first line.
   *
   * @throws IOException when it is not that of a recording, or of one of another version
   */
  static Head parseHead(String line) throws IOException {
    JsonNode head;
    try {
      head = JSON.readTree(line == null ? "" : line);
    } catch (JsonProcessingException e) {
      throw new IOException("its first line is not that of a recording", e);
    }
    if (head.path(VERSION_FIELD).asInt() != VERSION) {
      throw new IOException(
          "its first line does not say that it is a recording of version " + VERSION);
    }
    return new Head(head.path("topic").asText(), head.path("partitions").asInt());
  }

  static String line(ConsumerRecord<byte[], byte[]> record) {
    ObjectNode line = JSON.createObjectNode();
    line.put("partition", record.partition());
    line.put("offset", record.offset());
    line.put("timestamp", record.timestamp());
    if (record.key() != null) {
      String text = textOrNull(record.key());
      if (text != null) {
        line.put("key", text);
      } else {
        line.put("key-base64", record.key());
      }
    }
    if (record.value() != null) {
      JsonNode json = jsonOrNull(record.value());
      if (json != null) {
        line.set("value", json);
      } else {
        line.put("value-base64", record.value());
      }
    }
    ArrayNode headers = JSON.createArrayNode();
    for (Header header : record.headers()) {
      headers.addArray().add(header.key()).add(header.value());
    }
    if (!headers.isEmpty()) {
      line.set("headers", headers);
    }
    return line.toString();
  }

  /**
   * Reads a record's line.
   *
   * @throws IOException when it is none
   */
  static Recorded parse(String text) throws IOException {
    JsonNode line = JSON.readTree(text);
    if (!line.path("partition").canConvertToInt() || !line.path("timestamp").canConvertToLong()) {
      throw new IOException("partition or timestamp is missing");
    }
    byte[] key =
        line.has("key")
            ? line.get("key").asText().getBytes(StandardCharsets.UTF_8)
            : base64(line, "key-base64");
    byte[] value =
        line.has("value")
            ? JSON.writeValueAsBytes(line.get("value"))
            : base64(line, "value-base64");
    RecordHeaders headers = new RecordHeaders();
    for (JsonNode header : line.path("headers")) {
      JsonNode content = header.path(1);
      headers.add(header.path(0).asText(), content.isNull() ? null : content.binaryValue());
    }
    return new Recorded(
        line.get("partition").intValue(), line.get("timestamp").longValue(), key, value, headers);
  }

  private static JsonMapper mapper(int depth, int longestText) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder().maxNestingDepth(depth).maxStringLength(longestText).build();
    return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(constraints).build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  private static byte[] base64(JsonNode line, String field) throws IOException {
    return line.has(field) ? line.get(field).binaryValue() : null;
  }

  private static String textOrNull(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** The value as JSON, unless something of its bytes would be lost: spaces, 1.50, a name twice. */
  private static JsonNode jsonOrNull(byte[] bytes) {
    try {
      JsonNode json = VALUES.readTree(bytes);
      boolean same = !json.isMissingNode() && Arrays.equals(JSON.writeValueAsBytes(json), bytes);
      return same ? json : null;
    } catch (IOException e) {
      return null;
    }
  }
}
