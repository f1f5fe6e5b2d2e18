package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The stop-gradients of an objective: every value that depends on a differentiable input but is
 * treated as a constant passes through {@code hold}.
 *
 * <p>In use it hands its argument back. The contract test records the held values of one evaluation
 * and replays them while it takes finite differences, so that these see the same constants as the
 * gradient does.
 */
public final class StopGradient {

  private enum Mode {
    OFF,
    RECORD,
    REPLAY
  }

  private final Map<String, double[]> held = new HashMap<>();
  private Mode mode = Mode.OFF;

  /** Keeps the values of the next evaluation. */
  public void record() {
    held.clear();
    mode = Mode.RECORD;
  }

  /** Uses the recorded values from now on. */
  public void replay() {
    mode = Mode.REPLAY;
  }

  /** Back to normal use. */
  public void off() {
    mode = Mode.OFF;
  }

  /** The constant to use: {@code fresh}, or what was recorded under this name. */
  public double[] hold(String name, double[] fresh) {
    if (mode == Mode.RECORD) {
      held.put(name, fresh.clone());
    }
    return mode == Mode.REPLAY ? held.get(name).clone() : fresh;
  }

  /** The constant to use, in place: a replay overwrites {@code fresh}. */
  public void holdInPlace(String name, Kernels kernels, Matrix fresh) {
    if (mode == Mode.RECORD) {
      double[] values = new double[Math.toIntExact(fresh.size())];
      kernels.read(fresh, values);
      held.put(name, values);
    } else if (mode == Mode.REPLAY) {
      kernels.write(held.get(name), fresh);
    }
  }

  /** The selection to use: {@code fresh}, or what was recorded under this name. */
  public int[] hold(String name, int[] fresh) {
    if (mode == Mode.RECORD) {
      held.put(name, Arrays.stream(fresh).asDoubleStream().toArray());
    }
    return mode == Mode.REPLAY
        ? Arrays.stream(held.get(name)).mapToInt(v -> (int) v).toArray()
        : fresh;
  }
}
