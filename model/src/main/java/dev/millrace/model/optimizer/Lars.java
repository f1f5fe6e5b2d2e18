package dev.millrace.model.optimizer;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.MatrixCodec;
import dev.millrace.model.optimizer.Parameters.Parameter;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Layer-wise adaptive rate scaling: momentum whose step on each matrix is proportional to that
 * matrix's norm.
 *
 * <p>{@code u = trust |p| / (|g| + decay |p| + epsilon) (g + decay p); v = momentum v + u; p -=
 * rate v}, with Euclidean norms of the whole matrix. Where {@code |p|} or {@code |g|} is 0, {@code
 * u = g}: nothing is adapted and nothing decays.
 *
 * <p>You, Gitman and Ginsburg, Large batch training of convolutional networks, 2017, algorithm 1.
 */
public final class Lars implements Optimizer {

  private static final int VERSION = 1;

  /** One matrix with its velocity and a workspace for its squares. */
  private record Layer(Parameter parameter, Matrix velocity, Matrix squares) {}

  private final Kernels kernels;
  private final LarsConfig config;
  private final Matrix velocityColumn;
  private final List<Layer> layers = new ArrayList<>();
  private long steps;

  public Lars(Kernels kernels, Parameters parameters, LarsConfig config) {
    this.kernels = kernels;
    this.config = config;
    FlatLayout layout = parameters.layout();
    this.velocityColumn = layout.allocate(kernels);
    Matrix squareColumn = layout.allocate(kernels);
    List<Parameter> all = parameters.all();
    for (int i = 0; i < all.size(); i++) {
      layers.add(
          new Layer(all.get(i), layout.view(velocityColumn, i), layout.view(squareColumn, i)));
    }
  }

  @Override
  public void stepInPlace(double rate) {
    steps++;
    for (Layer layer : layers) {
      Matrix value = layer.parameter().value();
      Matrix gradient = layer.parameter().gradient();
      double size = norm(value, layer.squares());
      double slope = norm(gradient, layer.squares());
      kernels.scaleInPlace(layer.velocity(), config.momentum());
      if (size > 0 && slope > 0) {
        double decay = config.weightDecay();
        double local = config.trust() * size / (slope + decay * size + config.epsilon());
        kernels.addInPlace(layer.velocity(), local, gradient);
        kernels.addInPlace(layer.velocity(), local * decay, value);
      } else {
        kernels.addInPlace(layer.velocity(), 1, gradient);
      }
      kernels.addInPlace(value, -rate, layer.velocity());
    }
  }

  private double norm(Matrix matrix, Matrix squares) {
    kernels.hadamard(matrix, matrix, squares);
    return Math.sqrt(kernels.sum(squares));
  }

  @Override
  public long steps() {
    return steps;
  }

  Matrix velocity(int index) {
    return layers.get(index).velocity();
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeLong(steps);
    MatrixCodec.write(velocityColumn, out);
  }

  @Override
  public void readInPlace(DataInput in) throws IOException {
    Versions.require("LARS", VERSION, in.readInt());
    steps = in.readLong();
    MatrixCodec.readInPlace(velocityColumn, in);
  }
}
