package dev.millrace.model.reference;

import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Nd4jKernels;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;

/** Every implementation of the kernels that tests run on. */
public enum TestKernels {
  ND4J_DOUBLE("nd4j-float64", true, () -> new Nd4jKernels(DataType.DOUBLE)),
  ND4J_FLOAT("nd4j-float32", false, () -> new Nd4jKernels(DataType.FLOAT)),
  CPU("cpu-float32", false, CpuKernels::new);

  private final String label;
  private final boolean float64;
  private final Supplier<Kernels> factory;

  TestKernels(String label, boolean float64, Supplier<Kernels> factory) {
    this.label = label;
    this.float64 = float64;
    this.factory = factory;
  }

  public String label() {
    return label;
  }

  public boolean float64() {
    return float64;
  }

  public Kernels create() {
    return factory.get();
  }
}
