package dev.millrace.model.optimizer;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.MatrixCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Adam on all parameters of a set.
 *
 * <p>{@code m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= rate * (m / (1 - b1^t)) / (sqrt(v
 * / (1 - b2^t)) + epsilon)}, after {@code g += decay p}.
 *
 * <p>Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015, algorithm 1.
 */
public final class Adam implements Optimizer {

  private static final int VERSION = 1;

  private final Kernels kernels;
  private final Parameters parameters;
  private final AdamConfig config;
  private final Matrix first;
  private final Matrix second;
  private long steps;

  public Adam(Kernels kernels, Parameters parameters, AdamConfig config) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.config = config;
    this.first = FlatLayout.blocks(parameters.layout().allocate(kernels));
    this.second = FlatLayout.blocks(parameters.layout().allocate(kernels));
  }

  @Override
  public void stepInPlace(double rate) {
    steps++;
    kernels.adamInPlace(
        parameters.values(), parameters.gradients(), first, second, config.at(steps, rate));
  }

  @Override
  public long steps() {
    return steps;
  }

  /** First and second moment of parameter {@code index}, as views. */
  Matrix[] moments(int index) {
    int size = first.rows() * first.columns();
    return new Matrix[] {
      parameters.layout().view(first.reshaped(size, 1), index),
      parameters.layout().view(second.reshaped(size, 1), index)
    };
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeLong(steps);
    MatrixCodec.write(first, out);
    MatrixCodec.write(second, out);
  }

  @Override
  public void readInPlace(DataInput in) throws IOException {
    Versions.require("Adam", VERSION, in.readInt());
    steps = in.readLong();
    MatrixCodec.readInPlace(first, in);
    MatrixCodec.readInPlace(second, in);
  }
}
