package dev.millrace.connectors.types;

import dev.millrace.model.data.LearningMetrics;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The binary form of learning metrics, version 1: scope, time, and three maps in name order. */
final class LearningMetricsFormat extends RecordFormat<LearningMetrics> {

  LearningMetricsFormat() {
    super("learning-metrics", 1, LearningMetrics.class);
  }

  @Override
  void write(LearningMetrics value, DataOutputView out) throws IOException {
    writeText(value.scope(), out);
    out.writeLong(value.eventTime());
    writeMap(value.figures(), out, DataOutputView::writeDouble);
    writeMap(value.series(), out, LearningMetricsFormat::writeNumbers);
    writeMap(value.labels(), out, (view, text) -> writeText(text, view));
  }

  @Override
  LearningMetrics read(DataInputView in, int version) throws IOException {
    return new LearningMetrics(
        readText(in),
        in.readLong(),
        readMap(in, DataInputView::readDouble),
        readMap(in, LearningMetricsFormat::readNumbers),
        readMap(in, RecordFormat::readText));
  }

  private interface ValueWriter<V> {
    void write(DataOutputView out, V value) throws IOException;
  }

  private interface ValueReader<V> {
    V read(DataInputView in) throws IOException;
  }

  private static <V> void writeMap(Map<String, V> map, DataOutputView out, ValueWriter<V> writer)
      throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, V> entry : map.entrySet()) {
      writeText(entry.getKey(), out);
      writer.write(out, entry.getValue());
    }
  }

  private static <V> Map<String, V> readMap(DataInputView in, ValueReader<V> reader)
      throws IOException {
    int size = in.readInt();
    Map<String, V> map = new HashMap<>();
    for (int i = 0; i < size; i++) {
      map.put(readText(in), reader.read(in));
    }
    return map;
  }

  private static void writeNumbers(DataOutputView out, double[] numbers) throws IOException {
    out.writeInt(numbers.length);
    for (double number : numbers) {
      out.writeDouble(number);
    }
  }

  private static double[] readNumbers(DataInputView in) throws IOException {
    double[] numbers = new double[in.readInt()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in.readDouble();
    }
    return numbers;
  }
}
