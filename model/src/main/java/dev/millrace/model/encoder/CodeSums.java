package dev.millrace.model.encoder;

import dev.millrace.model.kernel.ArrayIO;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.SymmetricEigen;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * How codes vary from patch to patch and from picture to picture, as sums that add up over lanes.
 *
 * <p>With the codes {@code a} of patches and the mean code {@code m} of each picture it holds
 * {@code sum m} and, of every {@code step}-th patch, {@code sum a}, and the upper triangles {@code
 * sum a a^T} and {@code sum m m^T}, in float64: {@code 16 K^2} bytes for {@code K} atoms. Which
 * patches those are moves on from picture to picture. A code with {@code n} entries that are not 0
 * costs {@code n (n + 1) / 2} additions.
 */
final class CodeSums implements CanonicalState {

  private final int atoms;
  private final int step;
  private final double[] patchSums;
  private final double[] pictureSums;
  private final double[] withinPatches;
  private final double[] betweenPictures;
  private final double[] mean;
  private final int[] active;
  private long pictures;
  private long patches;

  /**
   * @param step every how manyth patch is counted in the covariance of patches
   */
  CodeSums(int atoms, int step) {
    this.atoms = atoms;
    this.step = step;
    this.patchSums = new double[atoms];
    this.pictureSums = new double[atoms];
    this.withinPatches = new double[Math.multiplyExact(atoms, atoms)];
    this.betweenPictures = new double[atoms * atoms];
    this.mean = new double[atoms];
    this.active = new int[atoms];
  }

  long pictures() {
    return pictures;
  }

  /** Adds the codes of one picture. */
  void add(SparseCodes codes) {
    for (int p = (int) (pictures % step); p < codes.patches(); p += step) {
      addPatch(codes, codes.start(p), codes.start(p + 1));
      patches++;
    }
    Arrays.fill(mean, 0);
    for (int i = 0; i < codes.start(codes.patches()); i++) {
      mean[codes.atom(i)] += codes.value(i);
    }
    int count = 0;
    for (int k = 0; k < atoms; k++) {
      if (mean[k] > 0) {
        mean[k] /= codes.patches();
        pictureSums[k] += mean[k];
        active[count++] = k;
      }
    }
    for (int i = 0; i < count; i++) {
      double value = mean[active[i]];
      int row = active[i] * atoms;
      for (int j = i; j < count; j++) {
        betweenPictures[row + active[j]] += value * mean[active[j]];
      }
    }
    pictures++;
  }

  private void addPatch(SparseCodes codes, int from, int to) {
    for (int i = from; i < to; i++) {
      double value = codes.value(i);
      int row = codes.atom(i) * atoms;
      patchSums[codes.atom(i)] += value;
      for (int j = i; j < to; j++) {
        withinPatches[row + codes.atom(j)] += value * codes.value(j);
      }
    }
  }

  void mergeInPlace(CodeSums other) {
    addInPlace(patchSums, other.patchSums);
    addInPlace(pictureSums, other.pictureSums);
    addInPlace(withinPatches, other.withinPatches);
    addInPlace(betweenPictures, other.betweenPictures);
    pictures += other.pictures;
    patches += other.patches;
  }

  private static void addInPlace(double[] to, double[] values) {
    for (int i = 0; i < to.length; i++) {
      to[i] += values[i];
    }
  }

  /**
   * Solves {@code B p = l V p} for the {@code count} directions in which pictures differ most
   * beside how much patches differ; {@code V} and {@code B} are the covariances of codes and of
   * mean codes, {@code V} with {@code ridge} times its mean variance on the diagonal.
   *
   * @return what an atom adds to each component, and the components of the mean code
   */
  PatchProjection solve(int count, double ridge) {
    double[] within = covariance(withinPatches, patchSums, patches);
    double[] between = covariance(betweenPictures, pictureSums, pictures);
    double trace = 0;
    for (int k = 0; k < atoms; k++) {
      trace += within[k * atoms + k];
    }
    for (int k = 0; k < atoms; k++) {
      // An atom that no patch has met varies nowhere; its weight is then 0 and any ridge will do.
      within[k * atoms + k] += trace > 0 ? ridge * trace / atoms : 1;
    }
    double[] vectors = SymmetricEigen.largestGeneralised(between, within, atoms, count).vectors();
    float[] projection = new float[atoms * count];
    float[] centre = new float[count];
    for (int c = 0; c < count; c++) {
      double along = 0;
      for (int k = 0; k < atoms; k++) {
        projection[k * count + c] = (float) vectors[c * atoms + k];
        along += vectors[c * atoms + k] * pictureSums[k] / pictures;
      }
      centre[c] = (float) along;
    }
    return new PatchProjection(projection, centre);
  }

  private double[] covariance(double[] upper, double[] sums, long count) {
    double[] result = new double[upper.length];
    for (int i = 0; i < atoms; i++) {
      for (int j = i; j < atoms; j++) {
        double value = upper[i * atoms + j] / count - sums[i] / count * (sums[j] / count);
        result[i * atoms + j] = value;
        result[j * atoms + i] = value;
      }
    }
    return result;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeLong(pictures);
    out.writeLong(patches);
    ArrayIO.write(out, patchSums, 0, atoms);
    ArrayIO.write(out, pictureSums, 0, atoms);
    for (int k = 0; k < atoms; k++) {
      ArrayIO.write(out, withinPatches, k * atoms + k, atoms - k);
      ArrayIO.write(out, betweenPictures, k * atoms + k, atoms - k);
    }
  }

  void readInPlace(DataInput in) throws IOException {
    pictures = in.readLong();
    patches = in.readLong();
    ArrayIO.read(in, patchSums, 0, atoms);
    ArrayIO.read(in, pictureSums, 0, atoms);
    for (int k = 0; k < atoms; k++) {
      ArrayIO.read(in, withinPatches, k * atoms + k, atoms - k);
      ArrayIO.read(in, betweenPictures, k * atoms + k, atoms - k);
    }
  }
}
