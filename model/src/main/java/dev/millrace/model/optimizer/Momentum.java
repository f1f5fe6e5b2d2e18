package dev.millrace.model.optimizer;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.MatrixCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Stochastic gradient descent with heavy-ball momentum.
 *
 * <p>{@code v = momentum v + g + decay p; p -= rate v}, with {@code v = 0} at the start and no
 * dampening.
 *
 * <p>Polyak, Some methods of speeding up the convergence of iteration methods, 1964.
 */
public final class Momentum implements Optimizer {

  private static final int VERSION = 1;

  private final Kernels kernels;
  private final Parameters parameters;
  private final double momentum;
  private final double weightDecay;
  private final Matrix velocityColumn;
  private final Matrix velocity;
  private long steps;

  /**
   * @param momentum share of the velocity that is kept, in [0, 1)
   * @param weightDecay L2 term added to the gradient, 0 for none
   */
  public Momentum(Kernels kernels, Parameters parameters, double momentum, double weightDecay) {
    if (!(momentum >= 0 && momentum < 1) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "momentum lies in [0, 1) and weight decay is at least 0, were "
              + momentum
              + " and "
              + weightDecay);
    }
    this.kernels = kernels;
    this.parameters = parameters;
    this.momentum = momentum;
    this.weightDecay = weightDecay;
    this.velocityColumn = parameters.layout().allocate(kernels);
    this.velocity = FlatLayout.blocks(velocityColumn);
  }

  @Override
  public void stepInPlace(double rate) {
    steps++;
    kernels.scaleInPlace(velocity, momentum);
    kernels.addInPlace(velocity, 1, parameters.gradients());
    if (weightDecay > 0) {
      kernels.addInPlace(velocity, weightDecay, parameters.values());
    }
    kernels.addInPlace(parameters.values(), -rate, velocity);
  }

  @Override
  public long steps() {
    return steps;
  }

  Matrix velocity(int index) {
    return parameters.layout().view(velocityColumn, index);
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeLong(steps);
    MatrixCodec.write(velocity, out);
  }

  @Override
  public void readInPlace(DataInput in) throws IOException {
    Versions.require("momentum", VERSION, in.readInt());
    steps = in.readLong();
    MatrixCodec.readInPlace(velocity, in);
  }
}
