package dev.millrace.model.encoder;

/** Where the patches of a picture lie, and to which cell of the picture each belongs. */
final class PatchGrid {

  private final PatchCodesConfig config;
  private final int along;
  private final int[] cells;
  private final float[] shares;

  PatchGrid(PatchCodesConfig config) {
    this.config = config;
    this.along = 1 + (config.side() - config.patch()) / config.stride();
    this.cells = new int[along * along];
    this.shares = new float[config.cells() * config.cells()];
    for (int y = 0; y < along; y++) {
      for (int x = 0; x < along; x++) {
        int cell = y * config.cells() / along * config.cells() + x * config.cells() / along;
        cells[y * along + x] = cell;
        shares[cell]++;
      }
    }
    for (int cell = 0; cell < shares.length; cell++) {
      shares[cell] = 1 / shares[cell];
    }
  }

  /** Cells of a picture. */
  int cells() {
    return shares.length;
  }

  int cell(int position) {
    return cells[position];
  }

  /** One over the number of patches of a cell. */
  float share(int cell) {
    return shares[cell];
  }

  /**
   * A patch, less the mean of its values.
   *
   * @param pictures unsigned bytes, pixel after pixel, three channels each
   * @param from index of the picture's first byte
   * @param out values in [-1, 1], row after row of pixels, written from {@code at} on
   */
  void patch(byte[] pictures, int from, int position, float[] out, int at) {
    int edge = 3 * config.patch();
    int row = 3 * config.side();
    int start =
        from + position / along * config.stride() * row + position % along * config.stride() * 3;
    int sum = 0;
    int to = at;
    for (int y = 0; y < config.patch(); y++) {
      for (int i = 0; i < edge; i++) {
        int value = pictures[start + y * row + i] & 0xFF;
        sum += value;
        out[to++] = value;
      }
    }
    float mean = (float) sum / config.patchSize();
    for (int i = at; i < to; i++) {
      out[i] = (out[i] - mean) / 255f;
    }
  }
}
