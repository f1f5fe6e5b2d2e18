package dev.millrace.model.learner;

import dev.millrace.model.kernel.ArrayIO;
import dev.millrace.model.kernel.Texts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one or more steps changed in a model's weights: the new values, not differences, so that
 * applying it twice is applying it once and the result has the bits of the model that learned.
 *
 * <p>Whoever merges several changes of one base takes each value less the base's.
 *
 * @param version mini-batches learned by the model that it leads to
 * @param dense new values of the dense parameters that differ, row-major, by name
 * @param items new vectors of the items that differ, their bias behind them, by id
 * @param removed items that are no longer in the table
 */
public record ModelChange(
    long version, Map<String, float[]> dense, Map<String, float[]> items, Set<String> removed) {

  private static final int VERSION_1 = 1;

  public ModelChange {
    dense = Collections.unmodifiableMap(new TreeMap<>(dense));
    items = Collections.unmodifiableMap(new TreeMap<>(items));
    removed = Collections.unmodifiableSet(new TreeSet<>(removed));
  }

  /** Writes canonical bytes: equal changes, equal bytes. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeLong(version);
    write(out, dense);
    write(out, items);
    out.writeInt(removed.size());
    for (String id : removed) {
      Texts.write(out, id);
    }
  }

  /**
   * Reads what {@link #writeTo} wrote.
   *
   * @throws IOException if the version is unknown
   */
  public static ModelChange readFrom(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("a model change of version " + version + "; this build reads 1");
    }
    long modelVersion = in.readLong();
    Map<String, float[]> dense = readMap(in);
    Map<String, float[]> items = readMap(in);
    Set<String> removed = new TreeSet<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      removed.add(Texts.read(in));
    }
    return new ModelChange(modelVersion, dense, items, removed);
  }

  private static void write(DataOutput out, Map<String, float[]> values) throws IOException {
    out.writeInt(values.size());
    for (Map.Entry<String, float[]> entry : values.entrySet()) {
      Texts.write(out, entry.getKey());
      out.writeInt(entry.getValue().length);
      ArrayIO.write(out, entry.getValue(), 0, entry.getValue().length);
    }
  }

  private static Map<String, float[]> readMap(DataInput in) throws IOException {
    Map<String, float[]> values = new TreeMap<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      String name = Texts.read(in);
      float[] elements = new float[in.readInt()];
      ArrayIO.read(in, elements, 0, elements.length);
      values.put(name, elements);
    }
    return values;
  }

  static boolean equal(Map<String, float[]> a, Map<String, float[]> b) {
    return a.keySet().equals(b.keySet())
        && a.entrySet().stream().allMatch(e -> Arrays.equals(e.getValue(), b.get(e.getKey())));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelChange that
        && version == that.version
        && equal(dense, that.dense)
        && equal(items, that.items)
        && removed.equals(that.removed);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(version) + items.keySet().hashCode();
  }
}
