package dev.millrace.model.kernel;

import org.nd4j.linalg.api.buffer.DataType;

final class Nd4jFloatKernelsTest extends KernelsContract {

  @Override
  Kernels create() {
    return new Nd4jKernels(DataType.FLOAT);
  }

  @Override
  double tolerance() {
    return 2e-5;
  }
}
