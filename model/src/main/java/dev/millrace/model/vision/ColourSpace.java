package dev.millrace.model.vision;

/**
 * From modulations along the cardinal axes of colour vision to what a display is sent.
 *
 * <p>A grey of white point D65 and a luminance goes XYZ to LMS (2006 cone fundamentals) to DKL; the
 * modulation is added to one DKL axis; back through LMS and XYZ to linear Rec. 709. All of it is
 * linear, so a pixel is {@code background * luminance + modulation * direction}. Luminance of each
 * channel is encoded for a display of 400 cd/m2 by the sRGB curve.
 *
 * <p>Derrington, Krauskopf and Lennie 1984 (the axes); IEC 61966-2-1 (the curve).
 */
final class ColourSpace {

  static final int ACHROMATIC = 0;
  static final int RED_GREEN = 1;
  static final int YELLOW_VIOLET = 2;

  private static final double PEAK = 400;
  private static final double[] WHITE = {0.9505, 1, 1.0888};
  private static final double[] ADAPTED = {0.7398765, 0.3201362, 0.0207937};

  private static final double[][] XYZ_TO_LMS = {
    {0.187596268556126, 0.585168649077728, -0.026384263306304},
    {-0.133397430663221, 0.405505777260049, 0.034502127690364},
    {0.000244379021663, -0.000542995890619, 0.019406849066323}
  };
  private static final double[][] LMS_TO_XYZ = {
    {2.62912927839965, -3.78020239178013, 10.2949563878935},
    {0.865649062438827, 1.2155558116423, -0.984175688105352},
    {-0.008886561474676, 0.081612628990755, 51.3710248308979}
  };
  private static final double[][] XYZ_TO_RGB = {
    {3.2406, -1.5372, -0.4986}, {-0.9689, 1.8758, 0.0415}, {0.0557, -0.2040, 1.0570}
  };

  private ColourSpace() {}

  /** Linear RGB of the grey of luminance 1. */
  static double[] background() {
    return rgb(times(XYZ_TO_LMS, WHITE));
  }

  /**
   * Change of linear RGB for a modulation of 1 along an axis.
   *
   * <p>Columns of the inverse of the rows {@code (1, 1, 0), (1, -L/M, 0), (-1, -1, (L + M) / S)}
   * with the cone responses {@code L, M, S} of the adapting white.
   */
  static double[] direction(int axis) {
    double sum = ADAPTED[0] + ADAPTED[1];
    double[] lms =
        switch (axis) {
          case ACHROMATIC -> new double[] {ADAPTED[0] / sum, ADAPTED[1] / sum, ADAPTED[2] / sum};
          case RED_GREEN -> new double[] {ADAPTED[1] / sum, -ADAPTED[1] / sum, 0};
          case YELLOW_VIOLET -> new double[] {0, 0, ADAPTED[2] / sum};
          default -> throw new IllegalArgumentException("no axis " + axis);
        };
    return rgb(lms);
  }

  /** What the display is sent for a luminance in cd/m2: 0 to 1 up to its peak. */
  static double encoded(double luminance) {
    double y = luminance / PEAK;
    return y <= 0.04045 / 12.92 ? 12.92 * y : 1.055 * Math.pow(y, 1 / 2.4) - 0.055;
  }

  private static double[] rgb(double[] lms) {
    return times(XYZ_TO_RGB, times(LMS_TO_XYZ, lms));
  }

  private static double[] times(double[][] matrix, double[] x) {
    double[] out = new double[3];
    for (int i = 0; i < 3; i++) {
      out[i] = matrix[i][0] * x[0] + matrix[i][1] * x[1] + matrix[i][2] * x[2];
    }
    return out;
  }
}
