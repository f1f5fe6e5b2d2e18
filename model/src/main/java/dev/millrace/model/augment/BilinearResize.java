package dev.millrace.model.augment;

import static dev.millrace.model.augment.ImageOperations.CHANNELS;

/**
 * Cuts a box out of an image and resizes it bilinearly.
 *
 * <p>Along an axis of {@code extent} source pixels and {@code size} results, result {@code i} lies
 * at {@code clamp((i + 1/2) extent / size - 1/2, 0, extent - 1)}: half-pixel centres, clamped
 * inside the box, so nothing outside of it is seen. A reduction does not smooth first.
 *
 * <p>Keeps its tables from call to call; one thread at a time.
 */
public final class BilinearResize {

  private static final class Axis {

    private int[] low = new int[0];
    private int[] high = new int[0];
    private double[] fraction = new double[0];

    void place(int start, int extent, int size) {
      if (low.length < size) {
        low = new int[size];
        high = new int[size];
        fraction = new double[size];
      }
      for (int i = 0; i < size; i++) {
        double centre = (i + 0.5) * extent / size - 0.5;
        centre = Math.min(extent - 1, Math.max(0, centre));
        int below = (int) centre;
        low[i] = start + below;
        high[i] = start + Math.min(below + 1, extent - 1);
        fraction[i] = centre - below;
      }
    }
  }

  private final Axis vertical = new Axis();
  private final Axis horizontal = new Axis();

  /**
   * Resizes the whole of an image.
   *
   * @param image {@code rows x columns} pixels as in {@link ImageOperations}
   * @param out {@code outRows x outColumns} pixels
   */
  public void resize(
      double[] image, int rows, int columns, int outRows, int outColumns, double[] out) {
    resize(image, rows, columns, 0, 0, rows, columns, outRows, outColumns, out);
  }

  /**
   * Resizes a box of an image.
   *
   * @param image {@code rows x columns} pixels as in {@link ImageOperations}
   * @param top first row of the box, {@code left} its first column
   * @param height rows of the box, {@code width} its columns; at least 1 each
   * @param out {@code outRows x outColumns} pixels
   * @throws IllegalArgumentException if the box is empty or not inside the image
   */
  public void resize(
      double[] image,
      int rows,
      int columns,
      int top,
      int left,
      int height,
      int width,
      int outRows,
      int outColumns,
      double[] out) {
    if (top < 0 || left < 0 || height < 1 || width < 1) {
      throw outside(rows, columns, top, left, height, width);
    }
    if (top + height > rows || left + width > columns) {
      throw outside(rows, columns, top, left, height, width);
    }
    ImageOperations.requireRoom(image, rows, columns);
    ImageOperations.requireRoom(out, outRows, outColumns);
    vertical.place(top, height, outRows);
    horizontal.place(left, width, outColumns);
    for (int i = 0; i < outRows; i++) {
      row(
          image,
          CHANNELS * columns * vertical.low[i],
          CHANNELS * columns * vertical.high[i],
          vertical.fraction[i],
          outColumns,
          out,
          CHANNELS * i * outColumns);
    }
  }

  private void row(
      double[] image, int upper, int lower, double down, int columns, double[] out, int at) {
    int to = at;
    for (int j = 0; j < columns; j++) {
      double right = horizontal.fraction[j];
      int near = CHANNELS * horizontal.low[j];
      int far = CHANNELS * horizontal.high[j];
      for (int c = 0; c < CHANNELS; c++, to++) {
        double above = image[upper + near + c] * (1 - right) + image[upper + far + c] * right;
        double below = image[lower + near + c] * (1 - right) + image[lower + far + c] * right;
        out[to] = above * (1 - down) + below * down;
      }
    }
  }

  private static IllegalArgumentException outside(
      int rows, int columns, int top, int left, int height, int width) {
    return new IllegalArgumentException(
        "a box of "
            + height
            + " x "
            + width
            + " at ("
            + top
            + ", "
            + left
            + ") is not inside an image of "
            + rows
            + " x "
            + columns);
  }
}
