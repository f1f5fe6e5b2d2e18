package dev.millrace.model.encoder;

import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.RunningWhitening;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.kernel.Texts;
import dev.millrace.model.kernel.Whitening;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Embeddings of pictures that are learned without a gradient, from each picture once.
 *
 * <p>Patches on a grid, less their mean, whitened and at unit length, are compared with a {@link
 * PatchDictionary}: the code of a patch is {@code a = max(0, cosine - threshold)}, sparse. With the
 * covariance {@code V} of the codes of patches and {@code B} of the mean codes of pictures, {@code
 * B p = l V p} gives the directions {@code p} that tell pictures apart beside what changes within
 * one. A patch becomes {@code P^T (a - mean)} at unit length, a picture the mean of that over each
 * of {@code cells x cells} cells, then a {@link Whitening} of it.
 *
 * <p>The first {@code warmUp} pictures wait until a dictionary is drawn from them and are then
 * learned in their order; from there on {@code V} and {@code B} grow with each picture. {@code P}
 * is solved again whenever the stream has grown by {@code growth}, so that the share of time that
 * goes into it falls. New directions make every covariance of old embeddings worthless, so the last
 * whitening is fitted on a uniform sample of the stream's pictures that is kept as pixels and
 * embedded again: a sample of the whole stream, as the sums are, where the most recent ones would
 * favour one class of a drifting stream.
 *
 * <p>Learning a picture costs {@code positions * atoms * patchSize} multiply-adds of a product, 33
 * million in the standard form; all else runs over entries that are not 0. Memory: {@code 16
 * atoms^2} bytes of sums and some five times half of that while solving, and {@code kept} pictures.
 * Results do not depend on how the stream is cut into batches, but for the rounding of the last
 * whitening.
 *
 * <p>Coates and Ng, Learning feature representations with k-means, 2012 (whitened patches, soft
 * threshold); Chen, Yun, Ma, Olshausen and LeCun, Minimalistic unsupervised representation learning
 * with the sparse manifold transform, ICLR 2023, here with pictures in the place of neighbouring
 * patches.
 */
public final class PatchCodes implements CanonicalState {

  private static final int VERSION_1 = 1;

  /** Pictures that are pooled before their rows go on to the last whitening. */
  private static final int BLOCK = 64;

  private final Kernels kernels;
  private final PatchCodesConfig config;
  private final PatchGrid grid;
  private final SparseCodes codes;
  private final CodeSums sums;
  private final KeptPictures kept;
  private final SeededRandom random;
  private final RowBuffer pooledRows;
  private final float[] pooled;
  private PatchDictionary dictionary;
  private PatchProjection projection;
  private Whitening whitening;
  private long nextSolution;

  /**
   * @param seed of the draws of the dictionary and of the pictures that are kept
   */
  public PatchCodes(Kernels kernels, PatchCodesConfig config, long seed) {
    this.kernels = kernels;
    this.config = config;
    this.grid = new PatchGrid(config);
    this.codes = new SparseCodes(config.positions(), config.atoms());
    this.sums = new CodeSums(config.atoms(), config.patchStep());
    this.kept = new KeptPictures(config.kept(), config.pictureBytes());
    this.random = new SeededRandom(seed);
    this.pooledRows = new RowBuffer(kernels, config.pooled());
    this.pooled = new float[Math.multiplyExact(BLOCK, config.pooled())];
    this.nextSolution = config.warmUp();
  }

  /** Whether pictures can be embedded: the warm-up is over. */
  public boolean isReady() {
    return whitening != null;
  }

  /** Pictures after which directions are solved anew: it changes when they are. */
  public long nextSolution() {
    return nextSolution;
  }

  /** Pictures that were offered to {@link #learn}, those of merged lanes among them. */
  public long seen() {
    return kept.offered();
  }

  /** The dictionary, null before there is one. */
  public PatchDictionary dictionary() {
    return dictionary;
  }

  /**
   * Learns from the next pictures of the stream, in their order.
   *
   * @param pictures unsigned bytes, {@code 3 side^2} of each picture, pixel after pixel; there may
   *     be more
   */
  public void learn(byte[] pictures, int count) {
    requirePictures(pictures, count);
    for (int i = 0; i < count; i++) {
      int from = i * config.pictureBytes();
      kept.offer(pictures, from, random);
      if (dictionary != null) {
        encodeAndAdd(pictures, from);
      }
      solveIfDue();
    }
  }

  private void solveIfDue() {
    if ((dictionary == null ? kept.count() : sums.pictures()) >= nextSolution) {
      solveInPlace();
    }
  }

  private void encodeAndAdd(byte[] pictures, int from) {
    dictionary.encode(grid, pictures, from, config.threshold(), codes);
    sums.add(codes);
  }

  /**
   * Finds directions and whitening from all that was learned, now: after the last picture of a
   * bounded stream, or to end the warm-up before its time.
   *
   * @throws IllegalStateException if there were fewer than 2 pictures
   */
  public void solveInPlace() {
    if (kept.count() < 2) {
      throw new IllegalStateException("needs at least 2 pictures, there were " + kept.count());
    }
    if (dictionary == null) {
      dictionary = PatchDictionary.draw(kernels, config, grid, kept, random);
      learnKept();
    }
    projection = sums.solve(config.components(), config.ridge());
    RunningWhitening moments = new RunningWhitening(config.pooled());
    for (int from = 0; from < kept.count(); from += BLOCK) {
      moments.observe(pool(kept.bytes(), from, Math.min(BLOCK, kept.count() - from)));
    }
    whitening = moments.fit(kernels, config.dimensions(), config.whiteningFloor());
    nextSolution = (long) Math.ceil(sums.pictures() * config.growth());
  }

  private void learnKept() {
    for (int i = 0; i < kept.count(); i++) {
      encodeAndAdd(kept.bytes(), i * config.pictureBytes());
    }
  }

  /**
   * Takes the dictionary of another lane instead of drawing one. Lanes that are to be merged agree
   * so: the lane that ends its warm-up first, the lowest of several, publishes its dictionary, and
   * the others, whose pictures still wait, adopt it and learn them.
   *
   * @throws IllegalStateException if there is another dictionary already
   */
  public void adopt(PatchDictionary published) {
    if (dictionary != null) {
      requireSameDictionary(published);
      return;
    }
    dictionary = published.copy(kernels, config);
    learnKept();
    solveIfDue();
  }

  /**
   * Adds what another lane has learned; the lanes must have no picture in common. While neither has
   * a dictionary their waiting pictures are joined, this lane's first.
   *
   * @throws IllegalStateException if the dictionaries differ or only one lane has one
   */
  public void mergeInPlace(PatchCodes other) {
    if (!config.equals(other.config)) {
      throw new IllegalArgumentException(
          "lanes of %s and %s cannot be merged".formatted(config, other.config));
    }
    if (dictionary != null || other.dictionary != null) {
      requireSameDictionary(other.dictionary);
    }
    sums.mergeInPlace(other.sums);
    kept.mergeInPlace(other.kept, random);
    solveIfDue();
  }

  private void requireSameDictionary(PatchDictionary other) {
    if (dictionary == null || other == null || !dictionary.digest().equals(other.digest())) {
      throw new IllegalStateException(
          "codes of two dictionaries do not mix: let one lane draw it and the others adopt it"
              + " before they end their warm-up");
    }
  }

  /**
   * Embeds pictures.
   *
   * @param pictures as in {@link #learn}
   * @param out {@code count x dimensions}, rows of unit length
   * @throws IllegalStateException before the warm-up is over
   */
  public void embed(byte[] pictures, int count, Matrix out) {
    requirePictures(pictures, count);
    for (int from = 0; from < count; from += BLOCK) {
      int to = Math.min(count, from + BLOCK);
      whitening.apply(pool(pictures, from, to - from), out.rows(from, to));
    }
  }

  /** The same without the last whitening; {@code out: count x pooled}. */
  public void embedPooled(byte[] pictures, int count, Matrix out) {
    requirePictures(pictures, count);
    for (int from = 0; from < count; from += BLOCK) {
      int to = Math.min(count, from + BLOCK);
      kernels.copy(pool(pictures, from, to - from), out.rows(from, to));
    }
  }

  private Matrix pool(byte[] pictures, int first, int count) {
    if (projection == null) {
      throw new IllegalStateException(
          "the warm-up of %d pictures is not over, there were %d"
              .formatted(config.warmUp(), kept.count()));
    }
    for (int i = 0; i < count; i++) {
      int from = (first + i) * config.pictureBytes();
      dictionary.encode(grid, pictures, from, config.threshold(), codes);
      projection.pool(codes, grid, pooled, i * config.pooled());
    }
    Matrix rows = pooledRows.rows(count);
    rows.copyFrom(pooled, 0);
    return rows;
  }

  private void requirePictures(byte[] pictures, int count) {
    if (count < 0 || pictures.length < (long) count * config.pictureBytes()) {
      throw new IllegalArgumentException(
          "%d pictures of %d x %d have %d bytes each, there are %d"
              .formatted(
                  count, config.side(), config.side(), config.pictureBytes(), pictures.length));
    }
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    Texts.write(out, config.toString());
    for (long word : random.state()) {
      out.writeLong(word);
    }
    out.writeLong(nextSolution);
    kept.writeTo(out);
    out.writeBoolean(dictionary != null);
    if (dictionary != null) {
      dictionary.writeTo(out);
      sums.writeTo(out);
    }
    out.writeBoolean(isReady());
    if (isReady()) {
      projection.writeTo(out);
      whitening.writeTo(out);
    }
  }

  /**
   * Reads what {@link #writeTo} wrote.
   *
   * @throws IOException if it was written by another version or under another configuration
   */
  public static PatchCodes read(DataInput in, Kernels kernels, PatchCodesConfig config)
      throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("patch codes of version " + version + "; this build reads 1");
    }
    String written = Texts.read(in);
    if (!written.equals(config.toString())) {
      throw new IOException(
          "the state was written under %s; restore with that, not with %s"
              .formatted(written, config));
    }
    PatchCodes result = new PatchCodes(kernels, config, 0);
    result.random.restore(new long[] {in.readLong(), in.readLong()});
    result.nextSolution = in.readLong();
    result.kept.readInPlace(in);
    if (in.readBoolean()) {
      result.dictionary = PatchDictionary.read(in, kernels, config);
      result.sums.readInPlace(in);
    }
    if (in.readBoolean()) {
      result.projection = PatchProjection.read(in);
      result.whitening = Whitening.read(in, kernels);
    }
    return result;
  }
}
