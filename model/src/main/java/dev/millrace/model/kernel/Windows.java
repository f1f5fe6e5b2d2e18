package dev.millrace.model.kernel;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Windows of images as rows, and back: the two halves of a convolution beside its product. */
final class Windows {

  private final ColumnMath math = ColumnMath.FASTEST;
  private final RowMath rowMath = RowMath.FASTEST;
  private final Map<ConvShape, Folding> foldings = new ConcurrentHashMap<>();

  /**
   * Writes one row of taps for each output pixel of images {@code first} to {@code end - 1}, the
   * first one at byte 0.
   */
  void unfold(ByteBuffer x, ConvShape shape, int first, int end, ByteBuffer out) {
    int row = 4 * shape.taps();
    int to = 0;
    for (int image = first; image < end; image++) {
      int base = 4 * image * shape.pixels() * shape.channels();
      for (int oy = 0; oy < shape.outHeight(); oy++) {
        for (int ox = 0; ox < shape.outWidth(); ox++) {
          unfoldWindow(
              x,
              base,
              shape,
              oy * shape.stride() - shape.padding(),
              ox * shape.stride() - shape.padding(),
              out,
              to);
          to += row;
        }
      }
    }
  }

  private void unfoldWindow(
      ByteBuffer x, int base, ConvShape shape, int top, int left, ByteBuffer out, int at) {
    int channels = shape.channels();
    int window = shape.window();
    int line = window * channels;
    int before = Math.max(0, -left);
    int inside = Math.min(window, shape.width() - left) - before;
    int after = window - before - inside;
    int to = at;
    for (int y = top; y < top + window; y++, to += 4 * line) {
      if (y < 0 || y >= shape.height() || inside <= 0) {
        rowMath.fill(out, to, line, 0);
        continue;
      }
      if (before > 0) {
        rowMath.fill(out, to, before * channels, 0);
      }
      int from = base + 4 * (y * shape.width() + left + before) * channels;
      math.copy(x, from, out, to + 4 * before * channels, inside * channels);
      if (after > 0) {
        rowMath.fill(out, to + 4 * (before + inside) * channels, after * channels, 0);
      }
    }
  }

  /** Sums for each input pixel what the windows that saw it have at its place. */
  void fold(
      ByteBuffer unfolded, ConvShape shape, int first, int end, boolean keep, ByteBuffer out) {
    Folding folding = foldings.computeIfAbsent(oneImage(shape), Folding::of);
    int n = shape.channels();
    int pixels = shape.pixels();
    for (int image = first; image < end; image++) {
      int base = 4 * (image - first) * shape.outPixels() * shape.taps();
      int to = 4 * image * pixels * n;
      for (int p = 0; p < pixels; p++, to += 4 * n) {
        int from = folding.starts[p];
        int count = folding.starts[p + 1] - from;
        math.gatherSum(unfolded, base, folding.offsets, from, count, out, to, n, keep);
      }
    }
  }

  private static ConvShape oneImage(ConvShape s) {
    return new ConvShape(
        1, s.height(), s.width(), s.channels(), s.window(), s.stride(), s.padding());
  }

  /**
   * Where the taps of each input pixel lie in the unfolded image, as byte offsets.
   *
   * @param starts first offset of each pixel and, behind the last, the number of offsets
   */
  private record Folding(int[] starts, int[] offsets) {

    static Folding of(ConvShape shape) {
      int[] starts = new int[shape.pixels() + 1];
      int[] offsets = new int[shape.outPixels() * shape.window() * shape.window()];
      int count = 0;
      for (int p = 0; p < shape.pixels(); p++) {
        for (int tap = 0; tap < shape.window() * shape.window(); tap++) {
          int y = p / shape.width() + shape.padding() - tap / shape.window();
          int x = p % shape.width() + shape.padding() - tap % shape.window();
          int oy = y / shape.stride();
          int ox = x / shape.stride();
          if (y >= 0
              && x >= 0
              && y % shape.stride() == 0
              && x % shape.stride() == 0
              && oy < shape.outHeight()
              && ox < shape.outWidth()) {
            int row = oy * shape.outWidth() + ox;
            offsets[count++] = 4 * (row * shape.taps() + tap * shape.channels());
          }
        }
        starts[p + 1] = count;
      }
      return new Folding(starts, offsets);
    }
  }
}
