package dev.millrace.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions, and statistics of columns over segments of rows, against plain loops. */
abstract class ConvKernelsContract extends RowKernelsContract {

  @ParameterizedTest
  @CsvSource({
    "3, 5, 4, 2, 7, 3, 1, 1", "2, 6, 6, 8, 8, 3, 2, 1", "2, 7, 5, 3, 16, 4, 2, 1",
    "4, 4, 4, 16, 5, 1, 2, 0", "3, 2, 3, 4, 3, 1, 1, 0", "1, 1, 1, 2, 2, 3, 1, 1",
    "2, 5, 5, 1, 1, 5, 3, 4", "40, 8, 8, 8, 24, 3, 1, 1", "9, 16, 16, 3, 17, 3, 1, 0"
  })
  void convolutionIsASumOverWindowsForwardAndBackward(
      int images, int height, int width, int in, int out, int window, int stride, int padding) {
    ConvShape shape = new ConvShape(images, height, width, in, window, stride, padding);
    Matrix x = normal(shape.rows(), in, 1);
    Matrix kernel = normal(out, shape.taps(), 0.5);
    Matrix gradient = normal(shape.outRows(), out, 1);
    Matrix ofKernel = normal(out, shape.taps(), 1);
    Matrix ofX = normal(shape.rows(), in, 1);
    double[] y = new double[shape.outRows() * out];
    double[] dKernel = values(ofKernel);
    double[] dX = new double[shape.rows() * in];
    naive(shape, out, values(x), values(kernel), values(gradient), y, dKernel, dX);

    Matrix result = garbage(shape.outRows(), out);
    kernels.convolve(x, kernel, shape, result);
    expect(result, y, shape.taps());
    double[] added = values(ofX);
    Matrix written = garbage(shape.rows(), in);
    Matrix twice = of(out, shape.taps(), values(ofKernel));
    kernels.convolveBackward(x, kernel, shape, gradient, ofKernel, 1, ofX);
    kernels.convolveBackward(x, kernel, shape, gradient, twice, 0, written);
    expect(ofKernel, dKernel, shape.outRows());
    expect(twice, dKernel, shape.outRows());
    expect(written, dX, (double) window * window * out);
    expect(ofX, each(dX.length, i -> dX[i] + added[i]), (double) window * window * out);
    kernels.convolveBackward(x, kernel, shape, gradient, twice, 0, null);
  }

  private static void naive(
      ConvShape shape,
      int out,
      double[] x,
      double[] kernel,
      double[] gradient,
      double[] y,
      double[] dKernel,
      double[] dX) {
    int in = shape.channels();
    for (int p = 0; p < shape.outRows(); p++) {
      int place = p % shape.outPixels();
      for (int tap = 0; tap < shape.window() * shape.window(); tap++) {
        int row =
            place / shape.outWidth() * shape.stride() - shape.padding() + tap / shape.window();
        int column =
            place % shape.outWidth() * shape.stride() - shape.padding() + tap % shape.window();
        if (row < 0 || row >= shape.height() || column < 0 || column >= shape.width()) {
          continue;
        }
        int pixel = (p / shape.outPixels() * shape.height() + row) * shape.width() + column;
        for (int o = 0; o < out; o++) {
          for (int c = 0; c < in; c++) {
            int weight = o * shape.taps() + tap * in + c;
            y[p * out + o] += kernel[weight] * x[pixel * in + c];
            dKernel[weight] += gradient[p * out + o] * x[pixel * in + c];
            dX[pixel * in + c] += gradient[p * out + o] * kernel[weight];
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 3", "1, 7, 19", "5, 4, 37", "1, 900, 67", "3, 700, 64", "64, 1, 8"})
  void momentsOfColumnsAreThoseOfEachSegment(int segments, int length, int n) {
    Matrix x = normal(segments * length, n, 1);
    double[] a = values(x);
    for (int i = 0; i < a.length; i++) {
      // Far from 0: a variance as the difference of squares would lose most of its digits.
      a[i] += 100;
    }
    kernels.write(a, x);
    double[] moved = values(x);
    double[] mean = new double[segments * n];
    double[] variance = new double[segments * n];
    for (int i = 0; i < moved.length; i++) {
      mean[i / n / length * n + i % n] += moved[i] / length;
    }
    for (int i = 0; i < moved.length; i++) {
      int s = i / n / length * n + i % n;
      variance[s] += Math.pow(moved[i] - mean[s], 2) / length;
    }
    Matrix means = garbage(segments, n);
    Matrix variances = garbage(segments, n);
    kernels.columnMoments(x, means, variances);
    expect(means, mean, 100);
    expect(variances, variance, 4);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 3", "1, 7, 19", "5, 4, 37", "1, 900, 67", "3, 700, 32"})
  void columnsAreScaledAndRectifiedForwardAndBackward(int segments, int length, int n) {
    int rows = segments * length;
    Matrix x = normal(rows, n, 1);
    Matrix residual = normal(rows, n, 1);
    Matrix gradient = normal(rows, n, 1);
    Matrix[] s = new Matrix[4];
    double[][] v = new double[4][];
    for (int k = 0; k < s.length; k++) {
      s[k] = normal(segments, n, 1);
      v[k] = values(s[k]);
    }
    double[] a = values(x);
    double[] r = values(residual);
    double[] g = values(gradient);
    double[] plain = each(a.length, i -> (a[i] - at(v[0], i, length, n)) * at(v[1], i, length, n));
    double[] shifted = each(a.length, i -> plain[i] + at(v[2], i, length, n));
    Matrix out = garbage(rows, n);
    kernels.scaleColumns(x, s[0], s[1], s[2], null, false, out);
    expect(out, shifted, 10);
    kernels.scaleColumns(x, s[0], s[1], s[2], residual, true, out);
    double[] y = each(a.length, i -> Math.max(0, shifted[i] + r[i]));
    expect(out, y, 10);

    double[] kept = values(out);
    double[] masked = each(a.length, i -> kept[i] > 0 ? g[i] : 0);
    double[] sum = new double[segments * n];
    double[] product = new double[segments * n];
    for (int i = 0; i < a.length; i++) {
      int e = i / n / length * n + i % n;
      sum[e] += masked[i];
      product[e] += masked[i] * (a[i] - v[0][e]);
    }
    Matrix sums = garbage(segments, n);
    Matrix products = garbage(segments, n);
    kernels.columnGradientSumsInPlace(gradient, out, x, s[0], sums, products);
    expect(gradient, masked);
    expect(sums, sum, length);
    expect(products, product, 2.0 * length);

    double[] last =
        each(
            a.length,
            i ->
                at(v[1], i, length, n) * masked[i]
                    - at(v[2], i, length, n)
                    - at(v[3], i, length, n) * (a[i] - at(v[0], i, length, n)));
    kernels.columnGradients(gradient, x, s[0], s[1], s[2], s[3], out);
    expect(out, last, 20);
    kernels.columnGradients(gradient, x, s[0], s[1], s[2], s[3], gradient);
    expect(gradient, last, 20);
    kernels.scaleColumns(x, s[0], s[1], s[2], null, false, x);
    expect(x, shifted, 10);
  }

  private static double at(double[] statistics, int element, int length, int n) {
    return statistics[element / n / length * n + element % n];
  }

  @Test
  void rectifyingKeepsWhatIsNotANumber() {
    Matrix x = of(1, 9, 1, -1, Double.NaN, 0, 2, -2, 3, -3, 4);
    Matrix mean = zeros(1, 9);
    Matrix one = of(1, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    Matrix out = garbage(1, 9);
    kernels.scaleColumns(x, mean, one, mean, null, true, out);
    expect(out.reshaped(9, 1).rows(0, 2), new double[] {1, 0});
    expect(out.reshaped(9, 1).rows(3, 9), new double[] {0, 2, 0, 3, 0, 4});
    assertThat(values(out)[2]).isNaN();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void shapesOfConvolutionsThatDoNotFitAreNamed(int channels) {
    ConvShape shape = new ConvShape(2, 4, 4, channels, 3, 1, 1);
    assertThatThrownBy(
            () ->
                kernels.convolve(
                    zeros(32, 5), zeros(4, shape.taps()), shape, zeros(shape.outRows(), 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("input is 32 x 5");
    assertThatThrownBy(() -> kernels.columnMoments(zeros(7, 3), zeros(2, 3), zeros(2, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7 x 3");
    assertThatThrownBy(() -> new ConvShape(1, 2, 2, 1, 5, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not fit");
  }
}
