package dev.millrace.model.encoder;

import dev.millrace.model.kernel.ConvShape;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.optimizer.Parameters;

/**
 * {@code y = relu(norm(conv2(relu(norm(conv1(x))))) + shortcut(x))}.
 *
 * <p>Both convolutions are 3 x 3. The shortcut is the identity, or a normalised 1 x 1 convolution
 * where stride or width change.
 *
 * <p>He et al., Deep residual learning for image recognition, CVPR 2016, figure 2 and option B.
 */
final class ResidualBlock {

  /** Buffers of one forward pass. */
  static final class Pass {

    private final ConvUnit.Pass conv1;
    private final ConvUnit.Pass conv2;
    private final ConvUnit.Pass shortcut;

    private Pass(ConvUnit.Pass conv1, ConvUnit.Pass conv2, ConvUnit.Pass shortcut) {
      this.conv1 = conv1;
      this.conv2 = conv2;
      this.shortcut = shortcut;
    }

    ConvShape outShape() {
      return conv2.shape();
    }
  }

  private final ConvUnit conv1;
  private final ConvUnit conv2;
  private final ConvUnit shortcut;
  private final int in;
  private final ConvEncoderConfig.Block shape;
  private final GradientBuffers buffers;

  ResidualBlock(
      Kernels kernels,
      ConvEncoderConfig config,
      int index,
      Parameters parameters,
      Parameters statistics,
      GradientBuffers buffers) {
    this.in = widthBefore(config, index);
    this.shape = config.blocks().get(index);
    this.buffers = buffers;
    ConvUnit.Layout[] layouts = layouts(config, index);
    conv1 = new ConvUnit(kernels, layouts[0], config.norm(), parameters, statistics);
    conv2 = new ConvUnit(kernels, layouts[1], config.norm(), parameters, statistics);
    shortcut =
        layouts.length < 3
            ? null
            : new ConvUnit(kernels, layouts[2], config.norm(), parameters, statistics);
  }

  private static int widthBefore(ConvEncoderConfig config, int index) {
    return index == 0 ? config.stem().width() : config.blocks().get(index - 1).width();
  }

  /** The convolutions of a block: two, and a third where the shortcut is not the identity. */
  static ConvUnit.Layout[] layouts(ConvEncoderConfig config, int index) {
    int in = widthBefore(config, index);
    int out = config.blocks().get(index).width();
    int stride = config.blocks().get(index).stride();
    String name = "block" + (index + 1) + ".";
    ConvUnit.Layout first = new ConvUnit.Layout(name + "conv1", in, out, 3, stride, 1);
    ConvUnit.Layout second = new ConvUnit.Layout(name + "conv2", out, out, 3, 1, 1);
    return stride == 1 && in == out
        ? new ConvUnit.Layout[] {first, second}
        : new ConvUnit.Layout[] {
          first, second, new ConvUnit.Layout(name + "shortcut", in, out, 1, stride, 0)
        };
  }

  Pass newPass() {
    return new Pass(conv1.newPass(), conv2.newPass(), shortcut == null ? null : shortcut.newPass());
  }

  /**
   * Forward pass.
   *
   * @param x images of {@code height x width}; must stay as it is until the backward pass
   * @return the pass's own matrix
   */
  Matrix forward(Pass pass, boolean training, Matrix x, int images, int height, int width) {
    ConvShape outer = new ConvShape(images, height, width, in, 3, shape.stride(), 1);
    ConvShape inner =
        new ConvShape(images, outer.outHeight(), outer.outWidth(), shape.width(), 3, 1, 1);
    Matrix residual = x;
    if (shortcut != null) {
      ConvShape pixels = new ConvShape(images, height, width, in, 1, shape.stride(), 0);
      residual = shortcut.forward(pass.shortcut, training, x, pixels, null, false);
    }
    Matrix middle = conv1.forward(pass.conv1, training, x, outer, null, true);
    return conv2.forward(pass.conv2, training, middle, inner, residual, true);
  }

  /**
   * Backward pass: adds to the gradients of the parameters.
   *
   * @param gradient of the result; overwritten
   * @return gradient of {@code x}, in {@code gradient}'s memory or in the buffers'
   */
  Matrix backward(Pass pass, Matrix gradient) {
    int rows = gradient.rows();
    int width = shape.width();
    Matrix scratch = buffers.scratch(rows, width);
    Matrix middle = buffers.middle(rows, width);
    conv2.backward(pass.conv2, gradient, scratch, 0, middle);
    if (shortcut == null) {
      conv1.backward(pass.conv1, middle, scratch, 1, gradient);
      return gradient;
    }
    Matrix gradientX = buffers.next(gradient, pass.conv1.shape().rows(), in);
    conv1.backward(pass.conv1, middle, scratch, 0, gradientX);
    shortcut.backward(pass.shortcut, gradient, scratch, 1, gradientX);
    return gradientX;
  }

  ConvUnit.Pass[] units(Pass pass) {
    return shortcut == null
        ? new ConvUnit.Pass[] {pass.conv1, pass.conv2}
        : new ConvUnit.Pass[] {pass.conv1, pass.conv2, pass.shortcut};
  }
}
