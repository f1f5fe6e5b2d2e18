package dev.millrace.model.reference;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One reference vector: what goes in and what must come out, computed in float64 by {@code
 * reference/generate.py}.
 *
 * @param objective name of the objective, layer, optimizer or augmentation
 * @param name name of the case
 * @param params numbers, flags, words and lists
 * @param inputs arrays by name
 * @param outputs arrays and plain numbers by name
 * @param gradients d loss / d input by the input's name
 */
public record ReferenceCase(
    String objective,
    String name,
    Map<String, Object> params,
    Map<String, ReferenceArray> inputs,
    Map<String, ReferenceArray> outputs,
    Map<String, ReferenceArray> gradients) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * All bundled cases, or those of the folder that the property {@code reference.vectors} names.
   */
  public static List<ReferenceCase> all() {
    String folder = System.getProperty("reference.vectors", "");
    return readAll(folder.isEmpty() ? bundledFolder() : external(folder));
  }

  /** The bundled cases of one objective, layer, optimizer or augmentation. */
  public static List<ReferenceCase> bundled(String objective) {
    return bundled().stream().filter(c -> c.objective().equals(objective)).toList();
  }

  /** All bundled cases. */
  public static List<ReferenceCase> bundled() {
    return readAll(bundledFolder());
  }

  static List<ReferenceCase> readAll(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> sorted = files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
      if (sorted.isEmpty()) {
        throw new IllegalArgumentException("no *.json in " + folder.toAbsolutePath());
      }
      return sorted.stream().map(ReferenceCase::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder.toAbsolutePath(), e);
    }
  }

  static ReferenceCase read(Path file) {
    try {
      JsonNode root = JSON.readTree(file.toFile());
      return new ReferenceCase(
          root.required("objective").asText(),
          root.required("case").asText(),
          JSON.convertValue(root.required("params"), new TypeReference<Map<String, Object>>() {}),
          arrays(root.required("inputs")),
          arrays(root.required("outputs")),
          arrays(root.required("gradients")));
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, ReferenceArray> arrays(JsonNode node) {
    Map<String, ReferenceArray> arrays = new LinkedHashMap<>();
    node.fields().forEachRemaining(e -> arrays.put(e.getKey(), ReferenceArray.parse(e.getValue())));
    return arrays;
  }

  private static Path bundledFolder() {
    try {
      return Path.of(ReferenceCase.class.getResource("/reference").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Maven runs tests in the module's folder; a relative path is also looked for one level up. */
  private static Path external(String folder) {
    Path path = Path.of(folder);
    Path fromParent = Path.of("..").resolve(folder);
    if (!Files.isDirectory(path) && !Files.isDirectory(fromParent)) {
      throw new IllegalArgumentException(
          "reference.vectors is no folder: " + path.toAbsolutePath());
    }
    return Files.isDirectory(path) ? path : fromParent;
  }

  public ReferenceArray input(String input) {
    ReferenceArray array = inputs.get(input);
    if (array == null) {
      throw new IllegalArgumentException(this + " has no input " + input);
    }
    return array;
  }

  public double number(String param) {
    return ((Number) params.get(param)).doubleValue();
  }

  @Override
  public String toString() {
    return objective + "-" + name;
  }
}
