package dev.millrace.model.kernel;

/** Convolution as a gather of windows and a product; the way back of the windows is the host's. */
final class Nd4jConvolution {

  private Nd4jConvolution() {}

  static void forward(Matrix x, Matrix kernel, ConvShape shape, Matrix out) {
    Nd4jKernels.multiply(
        unfolded(x, shape).array(), kernel.array(), false, true, 1, 0, out.array());
  }

  static void backward(
      Matrix x,
      Matrix kernel,
      ConvShape shape,
      Matrix gradient,
      Matrix gradientKernel,
      boolean keep,
      Matrix gradientX) {
    Matrix windows = unfolded(x, shape);
    Nd4jKernels.multiply(
        gradient.array(), windows.array(), true, false, 1, 1, gradientKernel.array());
    if (gradientX != null) {
      Nd4jKernels.multiply(gradient.array(), kernel.array(), false, false, 1, 0, windows.array());
      fold(windows, shape, keep, gradientX);
    }
  }

  private static Matrix unfolded(Matrix x, ConvShape shape) {
    int channels = shape.channels();
    // A row of zeros behind the pixels stands for everything beside the images.
    Matrix table = Matrix.allocate(x.type(), x.rows() + 1, channels);
    table.head(x.rows()).array().assign(x.array());
    int[] pixels = pixels(shape);
    Matrix taps = Matrix.allocate(x.type(), pixels.length, channels);
    Nd4jRows.gather(table, pixels, pixels.length, taps);
    return taps.reshaped(shape.outRows(), shape.taps());
  }

  private static void fold(Matrix windows, ConvShape shape, boolean keep, Matrix gradientX) {
    int channels = shape.channels();
    double[] taps = new double[Math.toIntExact(windows.size())];
    windows.copyTo(taps, 0);
    double[] sums = new double[(shape.rows() + 1) * channels];
    if (keep) {
      gradientX.copyTo(sums, 0);
    }
    int[] pixels = pixels(shape);
    for (int i = 0; i < taps.length; i++) {
      sums[pixels[i / channels] * channels + i % channels] += taps[i];
    }
    gradientX.copyFrom(sums, 0);
  }

  /** Row of the input under each tap of each window; one past the last for those beside it. */
  private static int[] pixels(ConvShape shape) {
    int window = shape.window();
    int[] pixels = new int[shape.outRows() * window * window];
    for (int i = 0; i < pixels.length; i++) {
      int tap = i % (window * window);
      int place = i / (window * window) % shape.outPixels();
      int image = i / (window * window) / shape.outPixels();
      int y = place / shape.outWidth() * shape.stride() - shape.padding() + tap / window;
      int x = place % shape.outWidth() * shape.stride() - shape.padding() + tap % window;
      boolean inside = y >= 0 && y < shape.height() && x >= 0 && x < shape.width();
      pixels[i] = inside ? image * shape.pixels() + y * shape.width() + x : shape.rows();
    }
    return pixels;
  }
}
