package dev.millrace.model.kernel;

import org.nd4j.linalg.api.buffer.DataType;

final class Nd4jDoubleKernelsTest extends KernelsContract {

  @Override
  Kernels create() {
    return new Nd4jKernels(DataType.DOUBLE);
  }

  @Override
  double tolerance() {
    return 1e-10;
  }
}
