package dev.millrace.model.kernel;

final class CpuKernelsTest extends KernelsContract {

  @Override
  Kernels create() {
    return new CpuKernels();
  }

  @Override
  double tolerance() {
    return 2e-5;
  }
}
