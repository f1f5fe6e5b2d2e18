package dev.millrace.model.kernel;

/**
 * Shape of a convolution over square windows of pixel-major images.
 *
 * <p>Images lie one after another, {@code (images * height * width) x channels}: one row for each
 * pixel, image rows from top to bottom. What lies beside an image counts as 0.
 *
 * @param images number of images
 * @param height pixels from top to bottom
 * @param width pixels from left to right
 * @param channels columns of the input
 * @param window side of the window that one output pixel sees
 * @param stride pixels between the windows of neighbouring output pixels
 * @param padding pixels of 0 around each image, less than the window
 */
public record ConvShape(
    int images, int height, int width, int channels, int window, int stride, int padding) {

  public ConvShape {
    if (images < 1 || height < 1 || width < 1 || channels < 1 || window < 1 || stride < 1) {
      throw new IllegalArgumentException(
          "images, height, width, channels, window and stride are at least 1, were %d, %d, %d, %d, %d and %d"
              .formatted(images, height, width, channels, window, stride));
    }
    if (padding < 0 || padding >= window) {
      throw new IllegalArgumentException(
          "the padding lies in 0 to %d, one less than the window, was %d"
              .formatted(window - 1, padding));
    }
    if (height + 2 * padding < window || width + 2 * padding < window) {
      throw new IllegalArgumentException(
          "a window of %d does not fit into an image of %d x %d with a padding of %d"
              .formatted(window, height, width, padding));
    }
  }

  public int outHeight() {
    return (height + 2 * padding - window) / stride + 1;
  }

  public int outWidth() {
    return (width + 2 * padding - window) / stride + 1;
  }

  /** Pixels of one input image. */
  int pixels() {
    return height * width;
  }

  /** Pixels of one output image. */
  int outPixels() {
    return outHeight() * outWidth();
  }

  /** Rows of the input. */
  public int rows() {
    return Math.multiplyExact(images, pixels());
  }

  /** Rows of the output. */
  public int outRows() {
    return Math.multiplyExact(images, outPixels());
  }

  /** Input elements under one window: columns of the kernel. */
  public int taps() {
    return window * window * channels;
  }

  /** Whether each window is one pixel at its own place: a product of matrices. */
  boolean pointwise() {
    return window == 1 && stride == 1;
  }

  void require(Matrix x, Matrix kernel, Matrix out) {
    if (x.rows() != rows() || x.columns() != channels) {
      throw mismatch("input", x);
    }
    if (kernel.columns() != taps()) {
      throw mismatch("kernel", kernel);
    }
    if (out.rows() != outRows() || out.columns() != kernel.rows()) {
      throw mismatch("output", out);
    }
  }

  private IllegalArgumentException mismatch(String what, Matrix matrix) {
    return new IllegalArgumentException(
        "%s does not fit: the %s is %s, where inputs are %d x %d, kernels n x %d and outputs %d x n"
            .formatted(this, what, matrix.shape(), rows(), channels, taps(), outRows()));
  }
}
