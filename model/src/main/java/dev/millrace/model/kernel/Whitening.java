package dev.millrace.model.kernel;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A fitted whitening: rows are centred, projected on principal components, scaled to unit variance
 * and then to unit length.
 *
 * <p>{@code y_k = <v_k, x - mean> / sqrt(max(l_k, floor l_1))}, {@code out = y / |y|} with
 * eigenvalues {@code l_1 >= l_2 >= ...} and eigenvectors {@code v_k} of the covariance. A row that
 * equals the mean becomes zeros, as do all rows where nothing varies. Its state is the mean and the
 * scaled components.
 *
 * <p>Jegou and Chum, Negative evidences and co-occurences in image retrieval: the benefit of PCA
 * and whitening, ECCV 2012.
 */
public final class Whitening implements CanonicalState {

  private static final int VERSION_1 = 1;

  private final Kernels kernels;
  private final Matrix minusMean;
  private final Matrix components;
  private final RowBuffer centred;
  private final RowBuffer projected;
  private final RowBuffer norms;

  private Whitening(Kernels kernels, Matrix minusMean, Matrix components) {
    this.kernels = kernels;
    this.minusMean = minusMean;
    this.components = components;
    this.centred = new RowBuffer(kernels, minusMean.columns());
    this.projected = new RowBuffer(kernels, components.rows());
    this.norms = new RowBuffer(kernels, 1);
  }

  static Whitening of(Kernels kernels, double[] mean, SymmetricEigen.Pairs pairs, double floor) {
    int width = mean.length;
    double[] values = pairs.values();
    double[] components = pairs.vectors().clone();
    for (int k = 0; k < values.length; k++) {
      double variance = Math.max(values[k], floor * values[0]);
      double scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
      for (int j = 0; j < width; j++) {
        components[k * width + j] *= scale;
      }
    }
    double[] minusMean = new double[width];
    for (int j = 0; j < width; j++) {
      minusMean[j] = -mean[j];
    }
    return new Whitening(
        kernels, kernels.of(1, width, minusMean), kernels.of(values.length, width, components));
  }

  /**
   * The same with its result turned back by the components, so that its axes are those of the rows.
   */
  Whitening turnedBack(Kernels kernels) {
    int width = width();
    int kept = dimensions();
    Matrix unit = kernels.allocate(kept, width);
    kernels.normalizeRows(components, unit, kernels.allocate(kept, 1));
    Matrix turned = kernels.allocate(width, width);
    kernels.multiplyTransposed(unit, components, 1, 0, turned);
    return new Whitening(kernels, minusMean, turned);
  }

  /** Length of a row that comes in. */
  public int width() {
    return components.columns();
  }

  /** Length of a row that goes out. */
  public int dimensions() {
    return components.rows();
  }

  /**
   * Whitens rows.
   *
   * @param rows {@code m x width}
   * @param out {@code m x dimensions}
   */
  public void apply(Matrix rows, Matrix out) {
    int count = rows.rows();
    Matrix differences = centred.rows(count);
    Matrix scaled = projected.rows(count);
    kernels.copy(rows, differences);
    kernels.addRowInPlace(differences, minusMean);
    kernels.multiplyByTransposed(differences, components, 1, 0, scaled);
    kernels.normalizeRows(scaled, out, norms.rows(count));
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    MatrixIO.write(out, minusMean);
    MatrixIO.write(out, components);
  }

  public static Whitening read(DataInput in, Kernels kernels) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException(
          "a whitening of version " + version + "; this build reads " + VERSION_1);
    }
    return new Whitening(kernels, MatrixIO.read(in, kernels), MatrixIO.read(in, kernels));
  }
}
