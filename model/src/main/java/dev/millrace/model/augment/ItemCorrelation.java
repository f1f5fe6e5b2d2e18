package dev.millrace.model.augment;

import dev.millrace.model.kernel.ArrayIO;
import dev.millrace.model.kernel.CanonicalState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Which item is most like another, by who had both, kept up to date example by example.
 *
 * <pre>
 *   w_ij += 1 / log(1 + |history| + 1)   for each distinct j of a history that i follows
 *   sim(i, j) = w_ij / sqrt(n_i n_j)
 * </pre>
 *
 * <p>This is item-based filtering with inverse user frequency; the published form counts all of a
 * file beforehand and divides by the logarithm of the user's whole length, which a stream does not
 * know yet. Pairs of an item keep their heaviest {@value #ROW} others.
 *
 * <p>Liu et al., Contrastive self-supervised sequential recommendation with robust augmentation
 * (CoSeRec), 2021, section 3.1.
 */
public final class ItemCorrelation implements SimilarItems, CanonicalState {

  private static final int VERSION_1 = 1;
  private static final int ROW = 64;

  private int[][] others = new int[256][];
  private float[][] weights = new float[256][];
  private int[] sizes = new int[256];
  private int[] counts = new int[256];

  /** One more than the largest item met. */
  private int items;

  /** Takes in that an item followed a history. */
  public void observe(int[] history, int next) {
    int[] sequence = Arrays.copyOf(history, history.length + 1);
    sequence[history.length] = next;
    observeAt(sequence, history.length);
    if (history.length == 1) {
      // The first item of a user is never a target itself.
      counts[history[0]]++;
    }
  }

  /** Takes in that the item at a place of a sequence followed those before it. */
  public void observeAt(int[] sequence, int place) {
    int next = sequence[place];
    reserve(next);
    counts[next]++;
    float weight = (float) (1 / StrictMath.log(2.0 + place));
    for (int at = 0; at < place; at++) {
      int other = sequence[at];
      if (other != next && isFirst(sequence, at)) {
        reserve(other);
        add(next, other, weight);
        add(other, next, weight);
      }
    }
  }

  private void reserve(int item) {
    items = Math.max(items, item + 1);
    if (item >= sizes.length) {
      int length = Math.max(item + 1, 2 * sizes.length);
      others = Arrays.copyOf(others, length);
      weights = Arrays.copyOf(weights, length);
      sizes = Arrays.copyOf(sizes, length);
      counts = Arrays.copyOf(counts, length);
    }
  }

  private static boolean isFirst(int[] history, int at) {
    for (int i = 0; i < at; i++) {
      if (history[i] == history[at]) {
        return false;
      }
    }
    return true;
  }

  private void add(int item, int other, float weight) {
    if (others[item] == null) {
      others[item] = new int[4];
      weights[item] = new float[4];
    }
    int size = sizes[item];
    for (int e = 0; e < size; e++) {
      if (others[item][e] == other) {
        weights[item][e] += weight;
        return;
      }
    }
    if (size == ROW) {
      replaceLightest(item, other, weight);
      return;
    }
    if (size == others[item].length) {
      others[item] = Arrays.copyOf(others[item], 2 * size);
      weights[item] = Arrays.copyOf(weights[item], 2 * size);
    }
    others[item][size] = other;
    weights[item][size] = weight;
    sizes[item]++;
  }

  /** A new pair takes the place of the lightest and its weight, as in a space-saving sketch. */
  private void replaceLightest(int item, int other, float weight) {
    int lightest = 0;
    for (int e = 1; e < ROW; e++) {
      if (weights[item][e] < weights[item][lightest]) {
        lightest = e;
      }
    }
    others[item][lightest] = other;
    weights[item][lightest] += weight;
  }

  @Override
  public int mostSimilar(int item) {
    int best = item;
    if (item >= items) {
      return best;
    }
    double highest = 0;
    for (int e = 0; e < sizes[item]; e++) {
      int other = others[item][e];
      double similarity = weights[item][e] / Math.sqrt(Math.max(1, counts[other]));
      if (similarity > highest || similarity == highest && other < best) {
        highest = similarity;
        best = other;
      }
    }
    return best;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeInt(items);
    for (int item = 0; item < items; item++) {
      out.writeInt(counts[item]);
      out.writeInt(sizes[item]);
      for (int e = 0; e < sizes[item]; e++) {
        out.writeInt(others[item][e]);
      }
      if (sizes[item] > 0) {
        ArrayIO.write(out, weights[item], 0, sizes[item]);
      }
    }
  }

  /** Reads what {@link #writeTo} wrote; the result continues bit for bit. */
  public static ItemCorrelation readFrom(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("an item correlation of version " + version + "; this build reads 1");
    }
    ItemCorrelation read = new ItemCorrelation();
    int count = in.readInt();
    if (count > 0) {
      read.reserve(count - 1);
    }
    for (int item = 0; item < count; item++) {
      read.counts[item] = in.readInt();
      int size = in.readInt();
      read.sizes[item] = size;
      if (size > 0) {
        int capacity = 4;
        while (capacity < size) {
          capacity *= 2;
        }
        read.others[item] = new int[capacity];
        read.weights[item] = new float[capacity];
        for (int e = 0; e < size; e++) {
          read.others[item][e] = in.readInt();
        }
        ArrayIO.read(in, read.weights[item], 0, size);
      }
    }
    return read;
  }
}
