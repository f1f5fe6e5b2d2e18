package dev.millrace.model.optimizer;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.reference.ReferenceArray;
import dev.millrace.model.reference.ReferenceCase;
import dev.millrace.model.reference.ReferenceRunner;
import java.util.Arrays;

/** Runs the updates of the vectors with the optimizer of their name. */
public final class OptimizerRunner implements ReferenceRunner {

  private static final String NAME = "parameter";

  @Override
  public Result run(Kernels kernels, ReferenceCase reference) {
    return reference.objective().equals("ema")
        ? average(kernels, reference)
        : steps(kernels, reference);
  }

  private static Result steps(Kernels kernels, ReferenceCase reference) {
    ReferenceArray gradients = reference.input("gradients");
    Parameters parameters = parameters(kernels, reference.input(NAME));
    Optimizer optimizer = optimizer(kernels, reference, parameters);
    double[] path = new double[gradients.data().length];
    int steps = gradients.shape()[0];
    int size = path.length / steps;
    for (int i = 0; i < steps; i++) {
      kernels.write(
          Arrays.copyOfRange(gradients.data(), i * size, (i + 1) * size),
          parameters.gradient(NAME));
      optimizer.stepInPlace(reference.number("learningRate"));
      System.arraycopy(values(kernels, parameters.value(NAME)), 0, path, i * size, size);
    }
    Result result = new Result();
    result.outputs().put("parameters", path);
    if (optimizer instanceof Adam adam) {
      Matrix[] moments = adam.moments(0);
      result.outputs().put("first", values(kernels, moments[0]));
      result.outputs().put("second", values(kernels, moments[1]));
    } else if (optimizer instanceof Momentum momentum) {
      result.outputs().put("velocity", values(kernels, momentum.velocity(0)));
    } else if (optimizer instanceof Lars lars) {
      result.outputs().put("velocity", values(kernels, lars.velocity(0)));
    }
    return result;
  }

  private static Optimizer optimizer(
      Kernels kernels, ReferenceCase reference, Parameters parameters) {
    double decay = reference.number("weightDecay");
    return switch (reference.objective()) {
      case "adam" ->
          new Adam(
              kernels,
              parameters,
              new AdamConfig(
                  reference.number("beta1"),
                  reference.number("beta2"),
                  reference.number("epsilon"),
                  decay));
      case "sgd-momentum" -> new Momentum(kernels, parameters, reference.number("momentum"), decay);
      case "lars" ->
          new Lars(
              kernels,
              parameters,
              new LarsConfig(
                  reference.number("momentum"),
                  decay,
                  reference.number("trust"),
                  reference.number("epsilon")));
      default -> throw new IllegalArgumentException("no optimizer for " + reference);
    };
  }

  private static Result average(Kernels kernels, ReferenceCase reference) {
    ReferenceArray path = reference.input("online");
    Parameters average = parameters(kernels, reference.input("average"));
    Parameters online = parameters(kernels, reference.input("average"));
    ExponentialAverage rule = new ExponentialAverage(kernels, average, online);
    double[] averages = new double[path.data().length];
    int steps = path.shape()[0];
    int size = averages.length / steps;
    for (int i = 0; i < steps; i++) {
      kernels.write(Arrays.copyOfRange(path.data(), i * size, (i + 1) * size), online.value(NAME));
      rule.stepInPlace(reference.number("momentum"));
      System.arraycopy(values(kernels, average.value(NAME)), 0, averages, i * size, size);
    }
    Result result = new Result();
    result.outputs().put("averages", averages);
    return result;
  }

  private static Parameters parameters(Kernels kernels, ReferenceArray initial) {
    Parameters parameters =
        Parameters.of(kernels)
            .zeros(NAME, initial.shape()[0], initial.shape()[1])
            .build(new SeededRandom(1));
    kernels.write(initial.data(), parameters.value(NAME));
    return parameters;
  }

  private static double[] values(Kernels kernels, Matrix matrix) {
    double[] values = new double[Math.toIntExact(matrix.size())];
    kernels.read(matrix, values);
    return values;
  }
}
