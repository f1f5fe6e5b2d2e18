package dev.millrace.model.kernel;

import java.nio.ByteBuffer;

/** Functions of single elements; those that training spends time in have loops of their own. */
final class CpuElementwise {

  private final Cpu cpu;
  private final RowMath math;

  CpuElementwise(Cpu cpu) {
    this.cpu = cpu;
    this.math = cpu.math;
  }

  void apply(Elementwise function, Matrix x, Matrix out) {
    ByteBuffer in = x.bytes();
    ByteBuffer to = out.bytes();
    cpu.byElements(x, (at, n) -> math.apply(function, in, at, to, at, n));
  }

  void applyBackward(Elementwise function, Matrix x, Matrix gradient, Matrix out) {
    ByteBuffer in = x.bytes();
    ByteBuffer g = gradient.bytes();
    ByteBuffer to = out.bytes();
    cpu.byElements(x, (at, n) -> math.applyBackward(function, in, at, g, at, to, at, n));
  }

  void dropout(Matrix x, double rate, long seed, Matrix out) {
    ByteBuffer in = x.bytes();
    ByteBuffer to = out.bytes();
    DropoutMask mask = new DropoutMask(seed, rate);
    // Chunks begin at even elements, so a word of the mask never straddles two of them.
    cpu.byElements(x, (at, n) -> math.dropout(in, at, to, at, n, mask, at / 4));
  }
}
