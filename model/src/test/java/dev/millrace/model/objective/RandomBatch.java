package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.reference.ReferenceArray;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Random inputs drawn from a signature alone, and the changes that the contract test makes to them.
 *
 * @param signature what was drawn from
 * @param arrays one array per input
 */
record RandomBatch(Signature signature, Map<String, ReferenceArray> arrays) {

  private static final Map<String, Integer> SIZES =
      Map.of("B", 5, "D", 4, "M", 7, "L", 4, "K", 3, "V", 3, "N", 6);
  private static final int[] OTHER_SIZES = {2, 3, 4, 6, 8};

  /**
   * Draws all inputs, or the required ones alone; {@code sizes} overrides what a symbol stands for.
   */
  static RandomBatch draw(
      Signature signature, boolean optional, Map<String, Integer> sizes, long seed) {
    Map<String, Integer> symbols = symbols(signature, sizes);
    SeededRandom random = new SeededRandom(seed);
    Map<String, ReferenceArray> arrays = new LinkedHashMap<>();
    for (Signature.Input input : signature.inputs()) {
      if (optional || input.required()) {
        int[] shape =
            input.dimensions().stream().mapToInt(dimension -> dimension.size(symbols)).toArray();
        arrays.put(input.name(), draw(input, shape, symbols, random));
      }
    }
    return new RandomBatch(signature, arrays);
  }

  private static Map<String, Integer> symbols(Signature signature, Map<String, Integer> sizes) {
    Map<String, Integer> symbols = new LinkedHashMap<>(SIZES);
    int others = 0;
    for (Signature.Input input : signature.inputs()) {
      for (Dimension dimension : input.dimensions()) {
        if (!symbols.containsKey(dimension.symbol())) {
          symbols.put(dimension.symbol(), OTHER_SIZES[others++ % OTHER_SIZES.length]);
        }
      }
    }
    symbols.putAll(signature.sizes());
    symbols.putAll(sizes);
    return symbols;
  }

  private static ReferenceArray draw(
      Signature.Input input, int[] shape, Map<String, Integer> symbols, SeededRandom random) {
    int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    double[] data = new double[size];
    ValueRange range = input.range();
    int bound = symbols.getOrDefault(range.symbol(), 0);
    for (int i = 0; i < size; i++) {
      data[i] =
          switch (range.kind()) {
            case ANY, UNIT_ROWS -> random.nextGaussian();
            case POSITIVE, DISTRIBUTION -> Math.exp(random.nextGaussian() / 2);
            case IDS -> random.nextInt(3);
            case MASK -> random.nextInt(3) == 0 ? 0 : 1;
            case ADJACENCY -> random.nextInt(2);
            case INDEX -> random.nextInt(bound);
            case INDEX_OR_NONE -> random.nextInt(bound + 1) - 1;
            case PERMUTATION -> i;
            case BETWEEN -> range.low() + random.nextInt(range.high() - range.low() + 1);
          };
    }
    int columns = shape[shape.length - 1];
    switch (range.kind()) {
      case UNIT_ROWS -> scaleRows(data, columns, 2);
      case DISTRIBUTION -> scaleRows(data, columns, 1);
      case PERMUTATION -> shuffle(data, random);
      case ADJACENCY -> mirror(data, columns);
      default -> {}
    }
    return new ReferenceArray(shape, data, input.kind() == Signature.Kind.INTEGERS);
  }

  private static void scaleRows(double[] data, int columns, int power) {
    for (int from = 0; from < data.length; from += columns) {
      double sum = 0;
      for (int j = from; j < from + columns; j++) {
        sum += Math.pow(data[j], power);
      }
      for (int j = from; j < from + columns; j++) {
        data[j] /= Math.pow(sum, 1.0 / power);
      }
    }
  }

  private static void shuffle(double[] data, SeededRandom random) {
    for (int i = data.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double swapped = data[i];
      data[i] = data[j];
      data[j] = swapped;
    }
  }

  private static void mirror(double[] data, int n) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        data[i * n + j] = i == j ? 0 : data[j * n + i];
      }
    }
  }

  ObjectiveInputs inputs(Kernels kernels) {
    ObjectiveInputs inputs = new ObjectiveInputs();
    arrays.forEach(
        (name, array) -> {
          if (array.integer()) {
            inputs.put(name, array.integers(), array.shape());
          } else {
            inputs.put(name, array.matrix(kernels), array.shape());
          }
        });
    return inputs;
  }

  RandomBatch with(String name, int[] shape, double[] data) {
    Map<String, ReferenceArray> changed = new LinkedHashMap<>(arrays);
    changed.put(name, new ReferenceArray(shape, data, arrays.get(name).integer()));
    return new RandomBatch(signature, changed);
  }

  RandomBatch without(String name) {
    Map<String, ReferenceArray> changed = new LinkedHashMap<>(arrays);
    changed.remove(name);
    return new RandomBatch(signature, changed);
  }

  /** With one entry moved by {@code step}. */
  RandomBatch shifted(String name, int index, double step) {
    double[] data = arrays.get(name).data().clone();
    data[index] += step;
    return with(name, arrays.get(name).shape(), data);
  }

  /** With every entry of the inputs of a kind of values mapped. */
  RandomBatch mapped(ValueRange.Kind kind, DoubleUnaryOperator function) {
    RandomBatch changed = this;
    for (Map.Entry<String, ReferenceArray> entry : arrays.entrySet()) {
      if (signature.input(entry.getKey()).range().kind() == kind) {
        double[] data = Arrays.stream(entry.getValue().data()).map(function).toArray();
        changed = changed.with(entry.getKey(), entry.getValue().shape(), data);
      }
    }
    return changed;
  }

  /** With the first rows of all matrices of free values set to zero. */
  RandomBatch withZeroRow() {
    RandomBatch changed = this;
    for (Map.Entry<String, ReferenceArray> entry : arrays.entrySet()) {
      if (signature.input(entry.getKey()).range().kind() == ValueRange.Kind.ANY) {
        double[] data = entry.getValue().data().clone();
        int[] shape = entry.getValue().shape();
        Arrays.fill(data, 0, shape[shape.length - 1], 0);
        changed = changed.with(entry.getKey(), shape, data);
      }
    }
    return changed;
  }

  /** With each id a different number, from 0. */
  RandomBatch withDistinctIds() {
    RandomBatch changed = this;
    for (Map.Entry<String, ReferenceArray> entry : arrays.entrySet()) {
      if (signature.input(entry.getKey()).range().kind() == ValueRange.Kind.IDS) {
        double[] data = entry.getValue().data().clone();
        Arrays.setAll(data, i -> i);
        changed = changed.with(entry.getKey(), entry.getValue().shape(), data);
      }
    }
    return changed;
  }

  /** With row {@code i} of the batch replaced by row {@code order[i]} in every input. */
  RandomBatch permuted(int[] order) {
    RandomBatch changed = this;
    for (Map.Entry<String, ReferenceArray> entry : arrays.entrySet()) {
      Signature.Input input = signature.input(entry.getKey());
      double[] data = permuted(input, entry.getValue().shape(), entry.getValue().data(), order);
      if (input.range().symbol().equals("B")) {
        for (int i = 0; i < data.length; i++) {
          data[i] = positionOf((int) data[i], order);
        }
      }
      changed = changed.with(entry.getKey(), entry.getValue().shape(), data);
    }
    return changed;
  }

  /** An array shaped as an input, permuted along the batch. */
  static double[] permuted(Signature.Input input, int[] shape, double[] data, int[] order) {
    List<Dimension> dimensions = input.dimensions();
    double[] out = new double[data.length];
    for (int i = 0; i < data.length; i++) {
      int rest = i;
      int stride = 1;
      int source = 0;
      for (int d = shape.length - 1; d >= 0; d--) {
        int position = rest % shape[d];
        rest /= shape[d];
        boolean batch = dimensions.get(d).symbol().equals("B");
        int block = position / order.length * order.length;
        source += stride * (batch ? block + order[position - block] : position);
        stride *= shape[d];
      }
      out[i] = data[source];
    }
    return out;
  }

  private static int positionOf(int row, int[] order) {
    for (int i = 0; i < order.length; i++) {
      if (order[i] == row) {
        return i;
      }
    }
    return row;
  }
}
