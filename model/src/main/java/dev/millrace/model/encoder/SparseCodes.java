package dev.millrace.model.encoder;

import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;

/**
 * The codes {@code max(0, cosine - threshold)} of the patches of one picture, without their zeros:
 * entries {@code start(p)} to {@code start(p + 1) - 1} belong to patch {@code p}, in the order of
 * atoms.
 */
final class SparseCodes {

  private final int[] starts;
  private final float[] cosines;
  private int[] atoms = new int[4096];
  private float[] values = new float[4096];

  SparseCodes(int patches, int atoms) {
    this.starts = new int[patches + 1];
    this.cosines = new float[patches * atoms];
  }

  /** Keeps what lies above the threshold. */
  void set(Matrix all, float threshold) {
    int n = all.columns();
    all.copyTo(cosines, 0);
    int size = 0;
    for (int p = 0; p < all.rows(); p++) {
      if (atoms.length < size + n) {
        atoms = Arrays.copyOf(atoms, 2 * atoms.length + n);
        values = Arrays.copyOf(values, atoms.length);
      }
      size = keepAbove(threshold, p * n, n, size);
      starts[p + 1] = size;
    }
  }

  private int keepAbove(float threshold, int from, int n, int start) {
    int size = start;
    for (int j = 0; j < n; j++) {
      float above = cosines[from + j] - threshold;
      if (above > 0) {
        atoms[size] = j;
        values[size++] = above;
      }
    }
    return size;
  }

  int patches() {
    return starts.length - 1;
  }

  int start(int patch) {
    return starts[patch];
  }

  int atom(int entry) {
    return atoms[entry];
  }

  float value(int entry) {
    return values[entry];
  }
}
