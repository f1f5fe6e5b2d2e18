package dev.millrace.model.reference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * An array of a reference vector.
 *
 * @param shape dimensions, empty for a plain number
 * @param data row-major
 * @param integer whether the entries are whole numbers by meaning
 */
public record ReferenceArray(int[] shape, double[] data, boolean integer) {

  static ReferenceArray parse(JsonNode node) {
    if (node.isNumber()) {
      return new ReferenceArray(new int[0], new double[] {node.doubleValue()}, false);
    }
    int[] shape = integers(node.required("shape"));
    JsonNode data = node.required("data");
    double[] values = new double[data.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.get(i).doubleValue();
    }
    if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != values.length) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(shape) + " does not hold " + values.length + " numbers");
    }
    return new ReferenceArray(shape, values, node.path("dtype").asText("").equals("int"));
  }

  private static int[] integers(JsonNode node) {
    int[] values = new int[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).intValue();
    }
    return values;
  }

  /** A plain number. */
  public double number() {
    return data[0];
  }

  /** Whole numbers, row-major. */
  public int[] integers() {
    return Arrays.stream(data).mapToInt(value -> (int) value).toArray();
  }

  /** The last dimension as columns, all others folded into rows; one dimension is a row vector. */
  public Matrix matrix(Kernels kernels) {
    int columns = shape.length == 0 ? 1 : shape[shape.length - 1];
    Matrix matrix =
        kernels.allocate(columns == 0 ? 0 : data.length / columns, Math.max(1, columns));
    if (data.length > 0) {
      kernels.write(data, matrix);
    }
    return matrix;
  }

  /** Largest absolute entry. */
  double largest() {
    return Arrays.stream(data).map(Math::abs).max().orElse(0);
  }
}
