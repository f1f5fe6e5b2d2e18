package dev.millrace.model.learner;

import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The weights of a model at one moment, by name and by item id: what two models are compared by,
 * and what a {@link ModelChange} is taken against. Optimizer moments are not weights.
 *
 * @param version mini-batches learned
 * @param dense values of each dense parameter, row-major, by name
 * @param items vector of each item, its bias behind it, by id
 */
public record ModelSnapshot(long version, Map<String, float[]> dense, Map<String, float[]> items) {

  /** What differs here from an earlier snapshot, as values of now. */
  public ModelChange changeSince(ModelSnapshot base) {
    Map<String, float[]> changed = differing(base.dense, dense);
    Map<String, float[]> rows = differing(base.items, items);
    TreeMap<String, float[]> removed = new TreeMap<>(base.items);
    removed.keySet().removeAll(items.keySet());
    return new ModelChange(version, changed, rows, removed.navigableKeySet());
  }

  private static Map<String, float[]> differing(
      Map<String, float[]> before, Map<String, float[]> after) {
    Map<String, float[]> differing = new TreeMap<>();
    after.forEach(
        (name, values) -> {
          if (!Arrays.equals(before.get(name), values)) {
            differing.put(name, values);
          }
        });
    return differing;
  }

  /** All elements of a matrix. */
  static float[] values(Matrix matrix) {
    float[] values = new float[Math.toIntExact(matrix.size())];
    matrix.copyTo(values, 0);
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelSnapshot that
        && version == that.version
        && ModelChange.equal(dense, that.dense)
        && ModelChange.equal(items, that.items);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(version) + items.keySet().hashCode();
  }
}
