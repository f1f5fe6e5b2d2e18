package dev.millrace.model.encoder;

import dev.millrace.model.kernel.ConvShape;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.optimizer.Parameters;

/** A convolution without bias, its normalisation, and what is fused with that. */
final class ConvUnit {

  /** Where one stands in the network and what it looks like. */
  record Layout(String name, int in, int out, int window, int stride, int padding) {

    void declare(Parameters.Builder parameters, Parameters.Builder statistics, boolean batch) {
      int taps = window * window * in;
      // He et al., Delving deep into rectifiers, ICCV 2015, equation 10.
      parameters.normal(name + ".kernel", out, taps, Math.sqrt(2.0 / taps));
      ChannelNorm.declare(parameters, name + ".norm", out);
      if (batch) {
        ChannelNorm.declareStatistics(statistics, name + ".norm", out);
      }
    }

    ConvShape shape(int images, int height, int width) {
      return new ConvShape(images, height, width, in, window, stride, padding);
    }
  }

  /** Buffers of one forward pass. */
  static final class Pass {

    private final RowBuffer raw;
    private final RowBuffer out;
    private final ChannelNorm.Pass norm;
    private ConvShape shape;
    private Matrix x;
    private Matrix y;
    private boolean rectified;

    private Pass(Kernels kernels, int width, ChannelNorm.Pass norm) {
      raw = new RowBuffer(kernels, width);
      out = new RowBuffer(kernels, width);
      this.norm = norm;
    }

    ConvShape shape() {
      return shape;
    }

    ChannelNorm.Pass norm() {
      return norm;
    }

    /** The result of the forward pass. */
    Matrix y() {
      return y;
    }
  }

  private final Kernels kernels;
  private final Layout layout;
  private final Matrix kernel;
  private final Matrix kernelGradient;
  private final ChannelNorm norm;

  ConvUnit(
      Kernels kernels,
      Layout layout,
      ConvEncoderConfig.Norm norm,
      Parameters parameters,
      Parameters statistics) {
    this.kernels = kernels;
    this.layout = layout;
    this.kernel = parameters.value(layout.name() + ".kernel");
    this.kernelGradient = parameters.gradient(layout.name() + ".kernel");
    this.norm =
        new ChannelNorm(
            kernels, norm, norm.groups(), parameters, statistics, layout.name() + ".norm");
  }

  Pass newPass() {
    return new Pass(kernels, layout.out(), norm.newPass());
  }

  /**
   * Forward pass.
   *
   * @param x must stay as it is until the backward pass
   * @param residual added before the ReLU; null for none
   * @return the pass's own matrix
   */
  Matrix forward(
      Pass pass, boolean training, Matrix x, ConvShape shape, Matrix residual, boolean rectified) {
    pass.shape = shape;
    pass.x = x;
    pass.rectified = rectified;
    Matrix raw = pass.raw.rows(shape.outRows());
    // In evaluation nobody goes back: the result takes the place of what it is made of.
    pass.y = training ? pass.out.rows(shape.outRows()) : raw;
    kernels.convolve(x, kernel, shape, raw);
    if (training) {
      norm.forward(pass.norm, raw, shape.images(), residual, rectified, pass.y);
    } else {
      norm.evaluate(pass.norm, raw, shape.images(), residual, rectified, pass.y);
    }
    return pass.y;
  }

  /**
   * Backward pass: adds to the gradients of the parameters.
   *
   * @param gradient of the result; becomes the gradient of the residual
   * @param scratch as large as the gradient
   * @param beta 0 writes {@code gradientX}, 1 adds to it
   * @param gradientX null if nobody wants it
   */
  void backward(Pass pass, Matrix gradient, Matrix scratch, double beta, Matrix gradientX) {
    norm.backward(pass.norm, gradient, pass.rectified ? pass.y : null, scratch);
    kernels.convolveBackward(pass.x, kernel, pass.shape, scratch, kernelGradient, beta, gradientX);
  }
}
