package dev.millrace.model.encoder;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.optimizer.Parameters;

/**
 * {@code z = W2 relu(norm(W1 x)) + b2}, or {@code W2 relu(W1 x + b1) + b2}.
 *
 * <p>Chen et al., A simple framework for contrastive learning of visual representations, ICML 2020,
 * section 4.2.
 */
final class ProjectionHead {

  /** Buffers of one forward pass. */
  static final class Pass {

    private final RowBuffer raw;
    private final RowBuffer hidden;
    private final RowBuffer result;
    private final ChannelNorm.Pass norm;
    private Matrix x;

    private Pass(Kernels kernels, ConvEncoderConfig.Head head, ChannelNorm.Pass norm) {
      raw = new RowBuffer(kernels, head.inner());
      hidden = new RowBuffer(kernels, head.inner());
      result = new RowBuffer(kernels, head.width());
      this.norm = norm;
    }
  }

  private final Kernels kernels;
  private final ConvEncoderConfig.Head shape;
  private final Linear inner;
  private final Linear outer;
  private final ChannelNorm norm;
  private final RowBuffer gradientHidden;
  private final RowBuffer gradientRaw;

  ProjectionHead(
      Kernels kernels, ConvEncoderConfig config, Parameters parameters, Parameters statistics) {
    this.kernels = kernels;
    this.shape = config.head();
    inner = new Linear(kernels, parameters, "head1", !shape.normalized());
    outer = new Linear(kernels, parameters, "head2");
    norm =
        shape.normalized()
            ? new ChannelNorm(
                kernels,
                config.norm(),
                Math.min(1, config.norm().groups()),
                parameters,
                statistics,
                "head1.norm")
            : null;
    gradientHidden = new RowBuffer(kernels, shape.inner());
    gradientRaw = new RowBuffer(kernels, shape.inner());
  }

  static void declare(
      Parameters.Builder parameters, Parameters.Builder statistics, ConvEncoderConfig config) {
    ConvEncoderConfig.Head head = config.head();
    double deviation = Math.sqrt(2.0 / config.width());
    if (head.normalized()) {
      Linear.declareWithoutBias(parameters, "head1", config.width(), head.inner(), deviation);
      ChannelNorm.declare(parameters, "head1.norm", head.inner());
      if (config.norm().groups() == 0) {
        ChannelNorm.declareStatistics(statistics, "head1.norm", head.inner());
      }
    } else {
      Linear.declare(parameters, "head1", config.width(), head.inner(), deviation);
    }
    Linear.declare(parameters, "head2", head.inner(), head.width(), Math.sqrt(2.0 / head.inner()));
  }

  Pass newPass() {
    return new Pass(kernels, shape, norm == null ? null : norm.newPass());
  }

  /**
   * Forward pass.
   *
   * @param x {@code rows x width}; must stay as it is until the backward pass
   * @return {@code rows x head width}, the pass's own
   */
  Matrix forward(Pass pass, boolean training, Matrix x) {
    int rows = x.rows();
    pass.x = x;
    Matrix raw = pass.raw.rows(rows);
    Matrix hidden = pass.hidden.rows(rows);
    inner.forward(x, raw);
    if (norm == null) {
      kernels.apply(Elementwise.RELU, raw, hidden);
    } else if (training) {
      norm.forward(pass.norm, raw, rows, null, true, hidden);
    } else {
      norm.evaluate(pass.norm, raw, rows, null, true, hidden);
    }
    Matrix result = pass.result.rows(rows);
    outer.forward(hidden, result);
    return result;
  }

  /**
   * Backward pass: adds to the gradients of the parameters.
   *
   * @param gradient of the result, left as it is
   * @param gradientX added to
   */
  void backward(Pass pass, Matrix gradient, Matrix gradientX) {
    int rows = gradient.rows();
    Matrix hidden = pass.hidden.rows(rows);
    outer.accumulate(hidden, gradient);
    outer.backward(gradient, 0, gradientHidden.rows(rows));
    Matrix raw = gradientRaw.rows(rows);
    if (norm == null) {
      kernels.applyBackward(Elementwise.RELU, pass.raw.rows(rows), gradientHidden.rows(rows), raw);
    } else {
      norm.backward(pass.norm, gradientHidden.rows(rows), hidden, raw);
    }
    inner.accumulate(pass.x, raw);
    inner.backward(raw, 1, gradientX);
  }
}
