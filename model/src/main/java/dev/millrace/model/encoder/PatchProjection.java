package dev.millrace.model.encoder;

import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.LengthArrays;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** From the codes of a picture's patches to its pooled components; see {@link PatchCodes}. */
final class PatchProjection implements CanonicalState {

  private final float[] projection;
  private final float[] centre;
  private final float[] component;

  /**
   * @param projection atoms times components, row-major
   * @param centre components of the mean code
   */
  PatchProjection(float[] projection, float[] centre) {
    this.projection = projection;
    this.centre = centre;
    this.component = new float[centre.length];
  }

  /** Atoms times components, row-major; not to be changed. */
  float[] weights() {
    return projection;
  }

  /** Writes the means over cells, cell after cell, to {@code out[at ...]}. */
  void pool(SparseCodes codes, PatchGrid grid, float[] out, int at) {
    int width = centre.length;
    Arrays.fill(out, at, at + grid.cells() * width, 0);
    for (int p = 0; p < codes.patches(); p++) {
      for (int c = 0; c < width; c++) {
        component[c] = -centre[c];
      }
      for (int i = codes.start(p); i < codes.start(p + 1); i++) {
        addAtom(codes.atom(i) * width, codes.value(i));
      }
      int cell = grid.cell(p);
      addTo(out, at + cell * width, grid.share(cell) * inverseLength());
    }
  }

  private void addAtom(int from, float value) {
    for (int c = 0; c < component.length; c++) {
      component[c] += value * projection[from + c];
    }
  }

  private float inverseLength() {
    float sum = 0;
    for (float value : component) {
      sum += value * value;
    }
    return sum > 0 ? (float) (1 / Math.sqrt(sum)) : 0;
  }

  private void addTo(float[] out, int at, float factor) {
    for (int c = 0; c < component.length; c++) {
      out[at + c] += factor * component[c];
    }
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    LengthArrays.write(out, projection);
    LengthArrays.write(out, centre);
  }

  static PatchProjection read(DataInput in) throws IOException {
    return new PatchProjection(LengthArrays.readFloats(in), LengthArrays.readFloats(in));
  }
}
