package dev.millrace.model.bench;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.millrace.model.kernel.Matrix;

/** libtorch on the CPU, with {@value #THREADS} threads, and arrays with the values of a matrix. */
final class Torch {

  static final int THREADS = 2;

  static {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(THREADS));
  }

  private Torch() {}

  static Engine engine() {
    return Engine.getEngine("PyTorch");
  }

  static NDManager manager() {
    return engine().newBaseManager(Device.cpu());
  }

  static NDArray copyOf(NDManager manager, Matrix matrix) {
    float[] values = new float[Math.toIntExact(matrix.size())];
    matrix.copyTo(values, 0);
    return manager.create(values, new Shape(matrix.rows(), matrix.columns()));
  }

  static long[] wide(int[] values) {
    long[] wide = new long[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
