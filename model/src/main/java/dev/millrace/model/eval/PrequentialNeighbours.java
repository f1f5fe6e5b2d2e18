package dev.millrace.model.eval;

import dev.millrace.model.kernel.ArrayIO;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.MatrixIO;
import dev.millrace.model.kernel.RowBuffer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Classifies each embedding of a stream by the labelled ones that came before it, then keeps it for
 * those that follow: test, then train.
 *
 * <p>The last {@code capacity} labelled embeddings are kept at unit length in a ring; see {@link
 * NeighbourClassifier} for the vote, where of equal cosines the higher place of the ring is taken.
 * Also within a batch each sees just the ones before it, so that batches do not matter but for
 * rounding. Memory: {@code 4 capacity (width + 1)} bytes, and as much as {@code (batch + 1)
 * capacity} floats while it classifies.
 */
public final class PrequentialNeighbours implements CanonicalState {

  private static final int VERSION_1 = 1;

  private final Kernels kernels;
  private final Matrix ring;
  private final int[] classes;
  private final NeighbourVote vote;
  private final RowBuffer units;
  private final RowBuffer norms;
  private final RowBuffer products;
  private final RowBuffer amongThemselves;
  private final float[] cosines;
  private float[] own = new float[0];
  private long kept;
  private long classified;
  private long right;

  /** 200 neighbours at temperature .1. */
  public PrequentialNeighbours(Kernels kernels, int width, int capacity) {
    this(kernels, width, capacity, NeighbourClassifier.NEIGHBOURS, NeighbourClassifier.TEMPERATURE);
  }

  /**
   * @param width length of an embedding
   * @param capacity embeddings that are kept, at least 1
   * @param neighbours how many vote
   * @param temperature of the votes
   */
  public PrequentialNeighbours(
      Kernels kernels, int width, int capacity, int neighbours, double temperature) {
    if (width < 1 || capacity < 1) {
      throw new IllegalArgumentException(
          "width and capacity are at least 1, were " + width + " and " + capacity);
    }
    this.kernels = kernels;
    this.ring = kernels.allocate(capacity, width);
    this.classes = new int[capacity];
    this.vote = new NeighbourVote(neighbours, temperature);
    this.units = new RowBuffer(kernels, width);
    this.norms = new RowBuffer(kernels, 1);
    this.products = new RowBuffer(kernels, capacity);
    this.amongThemselves = new RowBuffer(kernels, 1);
    this.cosines = new float[capacity];
  }

  /**
   * The next embeddings of the stream, in their order.
   *
   * @param embeddings {@code m x width}, any lengths of rows, at most {@code capacity} at once
   * @param labels class of each row from 0, negative where it is unknown: such a row is classified,
   *     but neither counted nor kept
   * @return the class of each row by what came before; -1 where nothing labelled did
   */
  public int[] classifyThenKeep(Matrix embeddings, int[] labels) {
    int count = embeddings.rows();
    if (embeddings.columns() != ring.columns() || count != labels.length || count > ring.rows()) {
      throw new IllegalArgumentException(
          "at most %d rows of %d with a label each, were %s and %d"
              .formatted(ring.rows(), ring.columns(), embeddings.shape(), labels.length));
    }
    if (count == 0) {
      return new int[0];
    }
    Matrix rows = units.rows(count);
    kernels.normalizeRows(embeddings, rows, norms.rows(count));
    Matrix toRing = products.rows(count);
    kernels.multiplyByTransposed(rows, ring, 1, 0, toRing);
    float[] toEarlier = cosinesAmongThemselves(rows);
    int[] places = new int[count];
    int[] found = new int[count];
    for (int i = 0; i < count; i++) {
      toRing.rows(i, i + 1).copyTo(cosines, 0);
      for (int j = 0; j < i; j++) {
        if (places[j] >= 0) {
          cosines[places[j]] = toEarlier[i * count + j];
        }
      }
      int filled = size();
      found[i] = filled == 0 ? -1 : vote.winner(cosines, classes, filled);
      places[i] = labels[i] < 0 ? -1 : (int) (kept % ring.rows());
      if (labels[i] >= 0) {
        classes[places[i]] = labels[i];
        kept++;
        classified += filled == 0 ? 0 : 1;
        right += found[i] == labels[i] ? 1 : 0;
      }
    }
    for (int i = 0; i < count; i++) {
      if (places[i] >= 0) {
        kernels.copy(rows.rows(i, i + 1), ring.rows(places[i], places[i] + 1));
      }
    }
    return found;
  }

  /**
   * Puts other embeddings in the place of those that are kept, because their coordinates have taken
   * on another meaning; nothing is classified or counted.
   *
   * @param embeddings {@code m x width}, at most {@code capacity}, the oldest first
   * @param labels class of each row, from 0
   */
  public void replaceKept(Matrix embeddings, int[] labels) {
    int count = embeddings.rows();
    if (embeddings.columns() != ring.columns() || count != labels.length || count > ring.rows()) {
      throw new IllegalArgumentException(
          "at most %d rows of %d with a label each, were %s and %d"
              .formatted(ring.rows(), ring.columns(), embeddings.shape(), labels.length));
    }
    kept = count;
    if (count > 0) {
      kernels.normalizeRows(embeddings, ring.head(count), norms.rows(count));
      System.arraycopy(labels, 0, classes, 0, count);
    }
  }

  private float[] cosinesAmongThemselves(Matrix rows) {
    int count = rows.rows();
    Matrix all = amongThemselves.rows(count * count).reshaped(count, count);
    kernels.multiplyByTransposed(rows, rows, 1, 0, all);
    if (own.length < count * count) {
      own = new float[count * count];
    }
    all.copyTo(own, 0);
    return own;
  }

  /** Embeddings in the ring. */
  public int size() {
    return (int) Math.min(kept, ring.rows());
  }

  /** Labelled embeddings that were classified by at least one earlier one. */
  public long classified() {
    return classified;
  }

  /** Those of them that were classified as what they are. */
  public long right() {
    return right;
  }

  /** Part of {@link #classified} that was right; NaN before the first. */
  public double accuracy() {
    return classified == 0 ? Double.NaN : (double) right / classified;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeLong(kept);
    out.writeLong(classified);
    out.writeLong(right);
    ArrayIO.write(out, classes, 0, size());
    MatrixIO.write(out, ring.head(size()));
  }

  /** Overwrites this with what {@link #writeTo} wrote under the same capacity and width. */
  public void readInPlace(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException(
          "prequential neighbours of version " + version + "; this build reads " + VERSION_1);
    }
    kept = in.readLong();
    classified = in.readLong();
    right = in.readLong();
    Arrays.fill(classes, 0);
    ArrayIO.read(in, classes, 0, size());
    MatrixIO.readInto(in, ring.head(size()));
  }
}
