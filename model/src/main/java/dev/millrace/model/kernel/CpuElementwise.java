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

  // Long functions are called here, one a branch: all in one method would be too much to inline.

  void apply(Elementwise function, Matrix x, Matrix out) {
    ByteBuffer in = x.bytes();
    ByteBuffer to = out.bytes();
    if (function == Elementwise.GELU) {
      cpu.byElements(x, (at, n) -> math.gelu(in, at, to, at, n));
    } else if (function == Elementwise.SIGMOID) {
      cpu.byElements(x, (at, n) -> math.sigmoid(in, at, to, at, n));
    } else if (function == Elementwise.LOG) {
      cpu.byElements(x, (at, n) -> math.log(in, at, to, at, n));
    } else if (function == Elementwise.SOFTPLUS) {
      cpu.byElements(x, (at, n) -> math.softplus(in, at, to, at, n));
    } else if (function == Elementwise.EXP) {
      cpu.byElements(
          x,
          (at, n) -> {
            to.put(at, in, at, 4 * n);
            math.exp(to, at, n, 0);
          });
    } else {
      cpu.byElements(x, (at, n) -> math.simple(function, in, at, to, at, n));
    }
  }

  void applyBackward(Elementwise function, Matrix x, Matrix gradient, Matrix out) {
    ByteBuffer in = x.bytes();
    ByteBuffer g = gradient.bytes();
    ByteBuffer to = out.bytes();
    if (function == Elementwise.GELU) {
      // Two passes: with exp and erf in one loop, or in one method, the compiler reaches its limit
      // of nodes, stops inlining, and every vector becomes an object.
      cpu.byElements(x, (at, n) -> math.normalDensity(in, at, to, at, n));
      cpu.byElements(x, (at, n) -> math.geluGradient(in, at, g, at, to, at, n));
    } else if (function == Elementwise.SIGMOID) {
      cpu.byElements(x, (at, n) -> math.sigmoidGradient(in, at, g, at, to, at, n));
    } else {
      cpu.byElements(x, (at, n) -> math.simpleGradient(function, in, at, g, at, to, at, n));
    }
  }

  void dropout(Matrix x, double rate, long seed, Matrix out) {
    ByteBuffer in = x.bytes();
    ByteBuffer to = out.bytes();
    DropoutMask mask = new DropoutMask(seed, rate);
    // Chunks begin at even elements, so a word of the mask never straddles two of them.
    cpu.byElements(x, (at, n) -> math.dropout(in, at, to, at, n, mask, at / 4));
  }
}
