package dev.millrace.job.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A YAML file of options; keys may be written whole, {@code learn.width}, or nested. */
public final class ConfigFile {

  private ConfigFile() {}

  /**
   * Reads a file.
   *
   * @return option keys to texts
   * @throws IllegalArgumentException if there is no such file or it is not YAML of options
   */
  public static Map<String, String> read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("no configuration file can be read at " + file);
    }
    Map<String, String> values = new LinkedHashMap<>();
    try {
      JsonNode root = new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
      if (root != null && !root.isMissingNode() && !root.isNull()) {
        flatten("", root, values);
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(file + " is not YAML: " + e.getOriginalMessage(), e);
    }
    return values;
  }

  /** The text of a file that {@link #read} reads as these options. */
  static String text(Map<String, String> values) {
    try {
      return new ObjectMapper(new YAMLFactory()).writeValueAsString(values);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("a map of texts is always YAML", e);
    }
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> values) {
    if (node.isObject()) {
      node.fields()
          .forEachRemaining(
              field ->
                  flatten(
                      prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(),
                      field.getValue(),
                      values));
    } else if (prefix.isEmpty() || node.isArray()) {
      throw new IllegalArgumentException(
          "a configuration is a mapping of option keys to values"
              + (prefix.isEmpty() ? "" : ", '" + prefix + "' is a list"));
    } else {
      values.put(prefix, node.asText());
    }
  }
}
