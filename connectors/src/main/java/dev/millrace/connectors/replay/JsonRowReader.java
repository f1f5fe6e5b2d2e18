package dev.millrace.connectors.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rows of a file with one JSON object a line; the members of the object are the columns. */
final class JsonRowReader implements RowReader {

  private static final ObjectReader OBJECTS =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private final InputFile file;
  private final BufferedReader lines;
  private final Set<String> seen = new LinkedHashSet<>();
  private final CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
  private long line;

  private JsonRowReader(InputFile file) {
    this.file = file;
    this.lines = new BufferedReader(new InputStreamReader(file.content(), StandardCharsets.UTF_8));
  }

  static JsonRowReader open(Path path) throws IOException {
    return new JsonRowReader(InputFile.open(path));
  }

  @Override
  public Read next() throws IOException {
    String text;
    do {
      text = lines.readLine();
      line++;
    } while (text != null && text.isBlank());
    if (text == null) {
      return new Read.End();
    }
    try {
      JsonNode object = OBJECTS.readValue(text);
      if (!object.isObject()) {
        return new Read.Unreadable(line);
      }
      // Half a surrogate pair can be written in JSON, but no encoding has bytes for it.
      if (text.contains("\\u") && !utf8.canEncode(texts(object))) {
        return new Read.Unreadable(line);
      }
      object.fieldNames().forEachRemaining(seen::add);
      return new Read.Found(new JsonRow(object, line));
    } catch (JsonProcessingException e) {
      return new Read.Unreadable(line);
    }
  }

  private static String texts(JsonNode object) {
    StringBuilder texts = new StringBuilder();
    object.forEach(value -> texts.append(value.asText()).append(' '));
    return texts.toString();
  }

  @Override
  public Optional<Collection<String>> header() {
    return Optional.empty();
  }

  @Override
  public Collection<String> seenColumns() {
    return List.copyOf(seen);
  }

  @Override
  public double fraction() {
    return file.fraction();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private record JsonRow(JsonNode object, long line) implements Row {
    @Override
    public String cell(String column) {
      JsonNode value = object.path(column);
      return value.isValueNode() && !value.isNull() ? value.asText().strip() : "";
    }
  }
}
