package dev.millrace.model.learner;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.optimizer.Adam;
import dev.millrace.model.optimizer.AdamConfig;
import dev.millrace.model.optimizer.Lars;
import dev.millrace.model.optimizer.LarsConfig;
import dev.millrace.model.optimizer.Momentum;
import dev.millrace.model.optimizer.Optimizer;
import dev.millrace.model.optimizer.Parameters;

/** Parameters with their optimizer. */
record Trained(Parameters parameters, Optimizer optimizer) {

  private static final double MOMENTUM = 0.9;

  static Trained of(Kernels kernels, Parameters parameters, ImageLearnerConfig.Training training) {
    double decay = training.weightDecay();
    AdamConfig adam = AdamConfig.STANDARD;
    LarsConfig lars = LarsConfig.SWAV;
    Optimizer optimizer =
        switch (training.method()) {
          case ADAM ->
              new Adam(
                  kernels,
                  parameters,
                  new AdamConfig(adam.beta1(), adam.beta2(), adam.epsilon(), decay));
          case LARS ->
              new Lars(
                  kernels,
                  parameters,
                  new LarsConfig(lars.momentum(), decay, lars.trust(), lars.epsilon()));
          case SGD -> new Momentum(kernels, parameters, MOMENTUM, decay);
        };
    return new Trained(parameters, optimizer);
  }
}
