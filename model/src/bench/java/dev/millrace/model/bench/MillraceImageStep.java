package dev.millrace.model.bench;

import dev.millrace.model.encoder.ConvEncoder;
import dev.millrace.model.encoder.ConvEncoderConfig;
import dev.millrace.model.encoder.ConvPass;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Adam;
import dev.millrace.model.optimizer.AdamConfig;

/** The image training step of Millrace: encoder and head forward and backward, Adam. */
final class MillraceImageStep implements AutoCloseable {

  static final double RATE = 1e-3;

  private final CpuKernels kernels;
  private final ConvEncoder encoder;
  private final ConvPass pass;
  private final Adam adam;
  private final Matrix pictures;
  private final Matrix upstream;
  private final Matrix products;
  private final int count;
  private final int side;

  MillraceImageStep(int threads, ConvEncoderConfig config, int count, int side) {
    this.kernels = new CpuKernels(threads);
    this.count = count;
    this.side = side;
    SeededRandom random = new SeededRandom(7);
    encoder = new ConvEncoder(kernels, config, random);
    pass = encoder.newPass();
    adam = new Adam(kernels, encoder.parameters(), AdamConfig.STANDARD);
    pictures = Inputs.normal(kernels, random, count * side * side, config.channels(), 1);
    upstream = Inputs.normal(kernels, random, count, config.head().width(), 1.0 / count);
    products = kernels.allocate(count, config.head().width());
  }

  Matrix weight(String name) {
    return encoder.parameters().value(name);
  }

  Matrix pictures() {
    return pictures;
  }

  Matrix upstream() {
    return upstream;
  }

  /** One step. Returns the loss: the inner product of the projections with a constant. */
  double step() {
    encoder.parameters().zeroGradientsInPlace();
    encoder.forwardForTraining(pass, pictures, count, side);
    kernels.hadamard(pass.projected(), upstream, products);
    double loss = kernels.sum(products);
    encoder.backward(pass, null, upstream);
    adam.stepInPlace(RATE);
    return loss;
  }

  @Override
  public void close() {
    kernels.close();
  }
}
