package dev.millrace.model.kernel;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Convolution as unfolded windows times the kernel, a few images at a time.
 *
 * <p>A block of images is unfolded into scratch of the thread that multiplies it, so windows are
 * read while they are still in the cache and never lie in memory for the whole batch. Blocks and
 * parts are cut by shape alone; the kernel's gradient is the sum of the parts' in order.
 */
final class CpuConvolution {

  /** Rows of unfolded windows in a block, so that packing the kernel is paid off. */
  private static final int BLOCK_ROWS = 512;

  /** Runs of images with a gradient of the kernel of their own. */
  private static final int PARTS = 4;

  private final Cpu cpu;
  private final Windows windows = new Windows();
  private final Matrix[] scratch;
  private Matrix partial;

  CpuConvolution(Cpu cpu) {
    this.cpu = cpu;
    this.scratch = new Matrix[cpu.parallel.threads()];
  }

  private static int imagesAtOnce(ConvShape shape) {
    return Math.max(1, BLOCK_ROWS / shape.outPixels());
  }

  private Matrix scratch(int worker, int size) {
    if (scratch[worker] == null || scratch[worker].rows() < size) {
      scratch[worker] = Matrix.allocate(DataType.FLOAT, size, 1);
    }
    return scratch[worker];
  }

  void forward(Matrix x, Matrix kernel, ConvShape shape, Matrix out) {
    int outputs = kernel.rows();
    int taps = shape.taps();
    int step = imagesAtOnce(shape);
    FloatPointer weights = kernel.pointer();
    FloatPointer to = out.pointer();
    FloatPointer pixels = x.pointer();
    ByteBuffer in = x.bytes();
    cpu.parallel.run(
        (shape.images() + step - 1) / step,
        (chunk, worker) -> {
          int first = chunk * step;
          int end = Math.min(shape.images(), first + step);
          int rows = (end - first) * shape.outPixels();
          FloatPointer result = Blas.at(to, (long) first * shape.outPixels() * outputs);
          FloatPointer left;
          if (shape.pointwise()) {
            left = Blas.at(pixels, (long) first * shape.pixels() * taps);
          } else {
            Matrix unfolded = scratch(worker, step * shape.outPixels() * taps);
            windows.unfold(in, shape, first, end, unfolded.bytes());
            left = unfolded.pointer();
          }
          Blas.multiplyAlone(false, true, rows, outputs, taps, left, weights, 0, result);
        });
  }

  void backward(
      Matrix x,
      Matrix kernel,
      ConvShape shape,
      Matrix gradient,
      Matrix gradientKernel,
      boolean keep,
      Matrix gradientX) {
    int size = Math.toIntExact(kernel.size());
    int step = imagesAtOnce(shape);
    int blocks = (shape.images() + step - 1) / step;
    int parts = Math.min(PARTS, blocks);
    if (partial == null || partial.rows() < parts * size) {
      partial = Matrix.allocate(DataType.FLOAT, parts * size, 1);
    }
    // The views are made here: threads must not make them at the same time.
    Backward job =
        new Backward(
            shape,
            kernel.rows(),
            step,
            x.bytes(),
            gradient.pointer(),
            kernel.pointer(),
            keep,
            gradientX == null ? null : gradientX.bytes());
    FloatPointer sums = partial.pointer();
    cpu.parallel.run(
        parts,
        (part, worker) -> {
          FloatPointer sum = Blas.at(sums, (long) part * size);
          int firstBlock = blocks * part / parts;
          for (int block = firstBlock; block < blocks * (part + 1) / parts; block++) {
            run(job, block, worker, block == firstBlock ? 0 : 1, sum);
          }
        });
    ByteBuffer total = gradientKernel.bytes();
    ByteBuffer added = partial.bytes();
    for (int part = 0; part < parts; part++) {
      cpu.math.addScaled(total, 0, added, 4 * part * size, 1, size);
    }
  }

  /** What the blocks of one backward pass share. */
  private record Backward(
      ConvShape shape,
      int outputs,
      int step,
      ByteBuffer x,
      FloatPointer gradient,
      FloatPointer kernel,
      boolean keep,
      ByteBuffer gradientX) {}

  private void run(Backward job, int block, int worker, float beta, FloatPointer sum) {
    ConvShape shape = job.shape();
    int taps = shape.taps();
    int outputs = job.outputs();
    int first = block * job.step();
    int end = Math.min(shape.images(), first + job.step());
    int rows = (end - first) * shape.outPixels();
    Matrix unfolded = scratch(worker, job.step() * shape.outPixels() * taps);
    FloatPointer gradient = Blas.at(job.gradient(), (long) first * shape.outPixels() * outputs);
    windows.unfold(job.x(), shape, first, end, unfolded.bytes());
    Blas.multiplyAlone(true, false, outputs, taps, rows, gradient, unfolded.pointer(), beta, sum);
    if (job.gradientX() != null) {
      Blas.multiplyAlone(
          false, false, rows, taps, outputs, gradient, job.kernel(), 0, unfolded.pointer());
      windows.fold(unfolded.bytes(), shape, first, end, job.keep(), job.gradientX());
    }
  }
}
