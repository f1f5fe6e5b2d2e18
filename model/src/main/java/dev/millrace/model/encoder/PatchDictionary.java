package dev.millrace.model.encoder;

import dev.millrace.model.kernel.CanonicalOutput;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.MatrixIO;
import dev.millrace.model.kernel.RunningWhitening;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.kernel.SymmetricEigen;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The atoms that patches are compared with: patches of earlier pictures, whitened, at unit length.
 *
 * <p>With the second moments {@code C = U diag(l) U^T} of patches less their means, a patch {@code
 * x} is whitened to {@code U diag((l + floor mean(l))^(-1/2)) U^T x}. Lanes whose codes are to be
 * merged share one dictionary.
 */
public final class PatchDictionary implements CanonicalState {

  private static final int VERSION_1 = 1;

  private final Kernels kernels;
  private final Matrix whitening;
  private final Matrix atoms;
  private final Matrix patches;
  private final Matrix whitened;
  private final Matrix unit;
  private final Matrix norms;
  private final Matrix cosines;
  private final float[] values;
  private String digest;

  private PatchDictionary(Kernels kernels, Matrix whitening, Matrix atoms, int positions) {
    this.kernels = kernels;
    this.whitening = whitening;
    this.atoms = atoms;
    int size = whitening.columns();
    this.patches = kernels.allocate(positions, size);
    this.whitened = kernels.allocate(positions, size);
    this.unit = kernels.allocate(positions, size);
    this.norms = kernels.allocate(positions, 1);
    this.cosines = kernels.allocate(positions, atoms.rows());
    this.values = new float[positions * size];
  }

  /** Draws a dictionary from the patches of pictures. */
  static PatchDictionary draw(
      Kernels kernels,
      PatchCodesConfig config,
      PatchGrid grid,
      KeptPictures kept,
      SeededRandom random) {
    byte[] pictures = kept.bytes();
    int count = kept.count();
    int size = config.patchSize();
    int positions = config.positions();
    Matrix whitening = kernels.of(size, size, whitening(kernels, config, grid, pictures, count));
    Matrix raw = kernels.allocate(config.atoms(), size);
    float[] drawn = new float[config.atoms() * size];
    for (int atom = 0; atom < config.atoms(); atom++) {
      grid.patch(
          pictures,
          random.nextInt(count) * config.pictureBytes(),
          random.nextInt(positions),
          drawn,
          atom * size);
    }
    raw.copyFrom(drawn, 0);
    Matrix white = kernels.allocate(config.atoms(), size);
    Matrix atoms = kernels.allocate(config.atoms(), size);
    kernels.multiply(raw, whitening, 1, 0, white);
    kernels.normalizeRows(white, atoms, kernels.allocate(config.atoms(), 1));
    return new PatchDictionary(kernels, whitening, atoms, positions);
  }

  private static double[] whitening(
      Kernels kernels, PatchCodesConfig config, PatchGrid grid, byte[] pictures, int count) {
    int size = config.patchSize();
    int positions = config.positions();
    RunningWhitening moments = new RunningWhitening(size);
    Matrix rows = kernels.allocate(positions, size);
    float[] values = new float[positions * size];
    for (int i = 0; i < count; i++) {
      for (int p = 0; p < positions; p++) {
        grid.patch(pictures, i * config.pictureBytes(), p, values, p * size);
      }
      rows.copyFrom(values, 0);
      moments.observe(rows);
    }
    double[] second = moments.covariance();
    double[] mean = moments.mean();
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        second[i * size + j] += mean[i] * mean[j];
      }
    }
    SymmetricEigen.Pairs pairs = SymmetricEigen.largest(second, size, size);
    double floor = 0;
    for (int k = 0; k < size; k++) {
      floor += config.patchFloor() * Math.max(0, pairs.values()[k]) / size;
    }
    double[] result = new double[size * size];
    for (int k = 0; k < size; k++) {
      double scale = 1 / Math.sqrt(Math.max(0, pairs.values()[k]) + floor);
      for (int i = 0; i < size; i++) {
        double left = scale * pairs.vectors()[k * size + i];
        for (int j = 0; j < size; j++) {
          result[i * size + j] += left * pairs.vectors()[k * size + j];
        }
      }
    }
    return result;
  }

  /** SHA-256 of the canonical bytes. */
  public String digest() {
    if (digest == null) {
      digest = CanonicalOutput.digestOf(this);
    }
    return digest;
  }

  /** The same dictionary with scratch memory of its own. */
  PatchDictionary copy(Kernels other, PatchCodesConfig config) {
    requireShape(config);
    return new PatchDictionary(other, whitening, atoms, patches.rows());
  }

  /** The codes of all patches of the picture that begins at byte {@code from}. */
  void encode(PatchGrid grid, byte[] pictures, int from, double threshold, SparseCodes codes) {
    int size = whitening.columns();
    for (int p = 0; p < patches.rows(); p++) {
      grid.patch(pictures, from, p, values, p * size);
    }
    patches.copyFrom(values, 0);
    kernels.multiply(patches, whitening, 1, 0, whitened);
    kernels.normalizeRows(whitened, unit, norms);
    // One picture at a time: a code does not depend on what it came with.
    kernels.multiplyByTransposed(unit, atoms, 1, 0, cosines);
    codes.set(cosines, (float) threshold);
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeInt(patches.rows());
    MatrixIO.write(out, whitening);
    MatrixIO.write(out, atoms);
  }

  /**
   * Reads what {@link #writeTo} wrote.
   *
   * @throws IOException if it was written by another version
   * @throws IllegalArgumentException if it does not fit the configuration
   */
  public static PatchDictionary read(DataInput in, Kernels kernels, PatchCodesConfig config)
      throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("a dictionary of version " + version + "; this build reads 1");
    }
    int positions = in.readInt();
    PatchDictionary result =
        new PatchDictionary(
            kernels, MatrixIO.read(in, kernels), MatrixIO.read(in, kernels), positions);
    result.requireShape(config);
    return result;
  }

  private void requireShape(PatchCodesConfig config) {
    if (patches.rows() != config.positions()
        || atoms.rows() != config.atoms()
        || atoms.columns() != config.patchSize()) {
      throw new IllegalArgumentException(
          "a dictionary of %s for %d patches does not fit %s"
              .formatted(atoms.shape(), patches.rows(), config));
    }
  }
}
