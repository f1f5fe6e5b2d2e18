package dev.millrace.connectors.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.millrace.model.data.LearningMetrics;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Learning metrics as JSON: scope, time, figures, series, labels; names in order. A figure that is
 * not finite is the text "NaN", "Infinity" or "-Infinity".
 */
public final class LearningMetricsJsonCodec {

  private LearningMetricsJsonCodec() {}

  /** The bytes of one scope's metrics. */
  public static byte[] encode(LearningMetrics metrics) {
    JsonWriter writer = new JsonWriter(1024);
    writer.text("scope", metrics.scope());
    writer.integer("time", metrics.eventTime());
    writer.field("figures", generator -> writeFigures(generator, metrics.figures()));
    writer.field("series", generator -> writeSeries(generator, metrics.series()));
    writer.field("labels", generator -> writeLabels(generator, metrics.labels()));
    return writer.bytes();
  }

  /** The metrics in a record's value; absent figures, series or labels are none. */
  public static LearningMetrics decode(byte[] value) throws DecodeException {
    JsonReader reader = JsonReader.open(value, RecordFields.NO_LIMIT);
    String scope = null;
    Long time = null;
    Map<String, Double> figures = new TreeMap<>();
    Map<String, double[]> series = new TreeMap<>();
    Map<String, String> labels = new TreeMap<>();
    for (String field = reader.nextField(); field != null; field = reader.nextField()) {
      switch (field) {
        case "scope" -> scope = reader.text();
        case "time" -> time = reader.integer(DecodeFault.TIME_OUT_OF_RANGE);
        case "figures" -> readInto(figures, reader, JsonReader::real);
        case "series" -> readInto(series, reader, LearningMetricsJsonCodec::readNumbers);
        case "labels" -> readInto(labels, reader, JsonReader::text);
        default -> reader.skip();
      }
    }
    reader.end();
    return new LearningMetrics(
        RecordFields.requiredText(scope, "scope"),
        RecordFields.required(time, "time"),
        figures,
        series,
        labels);
  }

  private static void writeFigures(JsonGenerator generator, Map<String, Double> figures)
      throws IOException {
    generator.writeStartObject();
    for (Map.Entry<String, Double> figure : figures.entrySet()) {
      generator.writeNumberField(figure.getKey(), figure.getValue());
    }
    generator.writeEndObject();
  }

  private static void writeSeries(JsonGenerator generator, Map<String, double[]> series)
      throws IOException {
    generator.writeStartObject();
    for (Map.Entry<String, double[]> numbers : series.entrySet()) {
      generator.writeFieldName(numbers.getKey());
      generator.writeArray(numbers.getValue(), 0, numbers.getValue().length);
    }
    generator.writeEndObject();
  }

  private static void writeLabels(JsonGenerator generator, Map<String, String> labels)
      throws IOException {
    generator.writeStartObject();
    for (Map.Entry<String, String> label : labels.entrySet()) {
      generator.writeStringField(label.getKey(), label.getValue());
    }
    generator.writeEndObject();
  }

  private interface ValueReader<V> {
    V read(JsonReader reader) throws DecodeException;
  }

  private static <V> void readInto(
      Map<String, V> values, JsonReader reader, ValueReader<V> valueReader) throws DecodeException {
    reader.beginObject();
    for (String name = reader.nextField(); name != null; name = reader.nextField()) {
      values.put(name, valueReader.read(reader));
    }
  }

  private static double[] readNumbers(JsonReader reader) throws DecodeException {
    reader.beginArray();
    double[] numbers = new double[16];
    int length = 0;
    while (reader.nextElement()) {
      if (length == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * length);
      }
      numbers[length++] = reader.real();
    }
    return Arrays.copyOf(numbers, length);
  }
}
