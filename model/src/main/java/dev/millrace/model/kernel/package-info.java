/**
 * Numeric kernels: matrix products by BLAS, everything between them as fused row kernels.
 *
 * <p>{@link dev.millrace.model.kernel.Kernels} is the one contract; {@code CpuKernels} is fused
 * float32 code for the CPU, {@code Nd4jKernels} runs the same contract on ND4J operations and so on
 * whatever backend ND4J has loaded, in float32 or float64.
 */
package dev.millrace.model.kernel;
