package dev.millrace.model.kernel;

import java.util.function.IntToDoubleFunction;

/** Where the largest entries of a row are. */
final class LargestEntries {

  private LargestEntries() {}

  /**
   * Writes to {@code out[from ...]} the places of the {@code count} largest of {@code n} values,
   * the largest first, the first of equal ones first.
   */
  static void select(IntToDoubleFunction values, int n, int count, int[] out, int from) {
    int held = 0;
    for (int j = 0; j < n; j++) {
      double value = values.applyAsDouble(j);
      if (held < count) {
        held++;
      } else if (count == 0 || !(value > values.applyAsDouble(out[from + count - 1]))) {
        continue;
      }
      int at = held - 1;
      while (at > 0 && value > values.applyAsDouble(out[from + at - 1])) {
        out[from + at] = out[from + at - 1];
        at--;
      }
      out[from + at] = j;
    }
  }
}
