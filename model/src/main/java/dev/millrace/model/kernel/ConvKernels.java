package dev.millrace.model.kernel;

/**
 * What a convolutional network asks of a processor beyond products.
 *
 * <p>Images are pixel-major, one row for each pixel and one column for each channel; see {@link
 * ConvShape}. Statistics of channels are taken over <em>segments</em>: equal runs of rows, as many
 * as the statistics have rows. One segment of everything makes batch normalisation, one for each
 * image group normalisation. With {@code s(i)} the segment of row {@code i}, {@code s: S x n}.
 */
public interface ConvKernels {

  /**
   * Convolution without bias: {@code out[p, o] = sum over taps (y, x, c) of kernel[o, (y w + x) C +
   * c] input[pixel at (y, x) of p's window, c]}.
   *
   * @param x {@code rows x channels} of the shape
   * @param kernel {@code outputs x taps}, a tap's channels one after another
   * @param out {@code outRows x outputs}
   */
  void convolve(Matrix x, Matrix kernel, ConvShape shape, Matrix out);

  /**
   * Backward of {@link #convolve}.
   *
   * @param gradient of the output
   * @param gradientKernel added to
   * @param beta 0 writes {@code gradientX}, 1 adds to it
   * @param gradientX of the input; null if nobody wants it
   */
  void convolveBackward(
      Matrix x,
      Matrix kernel,
      ConvShape shape,
      Matrix gradient,
      Matrix gradientKernel,
      double beta,
      Matrix gradientX);

  /**
   * Mean and biased variance of each column in each segment, by two passes.
   *
   * @param mean {@code S x n}, written
   * @param variance {@code S x n}, written
   */
  void columnMoments(Matrix x, Matrix mean, Matrix variance);

  /**
   * {@code out[i, j] = f((x[i, j] - mean[s(i), j]) * scale[s(i), j] + shift[s(i), j] + residual[i,
   * j])}.
   *
   * @param residual as {@code x}; null for none
   * @param rectified f is {@code max(0, .)}, else the identity
   * @param out may be {@code x} or {@code residual} itself
   */
  void scaleColumns(
      Matrix x,
      Matrix mean,
      Matrix scale,
      Matrix shift,
      Matrix residual,
      boolean rectified,
      Matrix out);

  /**
   * {@code gradient[i, j] = 0} where {@code output[i, j] <= 0}, then {@code sums[s, j] = sum_i
   * gradient[i, j]} and {@code products[s, j] = sum_i gradient[i, j] (x[i, j] - mean[s, j])} over
   * the rows of a segment.
   *
   * @param output result of the rectified forward call; null leaves the gradient as it is
   */
  void columnGradientSumsInPlace(
      Matrix gradient, Matrix output, Matrix x, Matrix mean, Matrix sums, Matrix products);

  /**
   * {@code out[i, j] = a[s(i), j] gradient[i, j] - b[s(i), j] - c[s(i), j] (x[i, j] - mean[s(i),
   * j])}: the last line of the backward normalisation.
   *
   * @param out may be {@code gradient} or {@code x} itself
   */
  void columnGradients(
      Matrix gradient, Matrix x, Matrix mean, Matrix a, Matrix b, Matrix c, Matrix out);
}
