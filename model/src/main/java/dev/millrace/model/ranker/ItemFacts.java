package dev.millrace.model.ranker;

import dev.millrace.model.kernel.ArrayIO;
import dev.millrace.model.kernel.LengthArrays;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Counts of every item: lines, baskets, repeat purchases, first and last line, and lines that fade
 * with the lines after them, by two half-lives.
 *
 * <p>Fading is forward: a new line weighs more instead of the old ones less. Shares are the same,
 * and all numbers are scaled down now and then.
 */
final class ItemFacts {

  /** Weight of a line, as a power of two, from which on everything is scaled down. */
  private static final double LARGEST_EXPONENT = 24;

  private final double[] halfLives;

  private int items;
  private float[] lines = new float[256];
  private float[] baskets = new float[256];
  private float[] repeats = new float[256];
  private long[] firstLine = new long[256];
  private long[] lastLine = new long[256];
  private final float[][] faded = new float[2][256];
  private final double[] scaledAt = new double[2];
  private long line;

  /**
   * @param halfLife lines after which a line counts half by the shorter of the half-lives
   */
  ItemFacts(double halfLife) {
    halfLives = new double[] {halfLife, RankerConfig.LONGER * halfLife};
  }

  /** One more than the largest item that was counted. */
  int items() {
    return items;
  }

  long line() {
    return line;
  }

  float lines(int item) {
    return item < items ? lines[item] : 0;
  }

  float baskets(int item) {
    return item < items ? baskets[item] : 0;
  }

  float repeats(int item) {
    return repeats[item];
  }

  /** Lines since the item's first. */
  float age(int item) {
    return line - firstLine[item];
  }

  /** Lines since the item's last. */
  float idle(int item) {
    return line - lastLine[item];
  }

  /** Fading lines by item; only shares mean something. */
  float[] faded(int which) {
    return faded[which];
  }

  void addLine(int item) {
    reserve(item);
    if (lines[item] == 0) {
      firstLine[item] = line;
    }
    lines[item]++;
    lastLine[item] = line;
    for (int f = 0; f < faded.length; f++) {
      double exponent = (line - scaledAt[f]) / halfLives[f];
      if (exponent > LARGEST_EXPONENT) {
        float factor = (float) StrictMath.pow(2, -exponent);
        for (int i = 0; i < items; i++) {
          faded[f][i] *= factor;
        }
        scaledAt[f] = line;
        exponent = 0;
      }
      faded[f][item] += (float) StrictMath.pow(2, exponent);
    }
    line++;
  }

  /** A basket that held the item, which its user had before or not. */
  void addBasket(int item, boolean repeated) {
    reserve(item);
    baskets[item]++;
    if (repeated) {
      repeats[item]++;
    }
  }

  private void reserve(int item) {
    if (item >= lines.length) {
      int length = Math.max(item + 1, lines.length + lines.length / 2);
      lines = Arrays.copyOf(lines, length);
      baskets = Arrays.copyOf(baskets, length);
      repeats = Arrays.copyOf(repeats, length);
      firstLine = Arrays.copyOf(firstLine, length);
      lastLine = Arrays.copyOf(lastLine, length);
      for (int f = 0; f < faded.length; f++) {
        faded[f] = Arrays.copyOf(faded[f], length);
      }
    }
    items = Math.max(items, item + 1);
  }

  private float[][] all() {
    return new float[][] {lines, baskets, repeats, faded[0], faded[1]};
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeLong(line);
    for (double at : scaledAt) {
      out.writeDouble(at);
    }
    for (float[] values : all()) {
      LengthArrays.write(out, Arrays.copyOf(values, items));
    }
    ArrayIO.write(out, firstLine, 0, items);
    ArrayIO.write(out, lastLine, 0, items);
  }

  void readInPlace(DataInput in) throws IOException {
    line = in.readLong();
    for (int f = 0; f < scaledAt.length; f++) {
      scaledAt[f] = in.readDouble();
    }
    lines = LengthArrays.readFloats(in);
    items = lines.length;
    baskets = LengthArrays.readFloats(in);
    repeats = LengthArrays.readFloats(in);
    for (int f = 0; f < faded.length; f++) {
      faded[f] = LengthArrays.readFloats(in);
    }
    firstLine = new long[items];
    ArrayIO.read(in, firstLine, 0, items);
    lastLine = new long[items];
    ArrayIO.read(in, lastLine, 0, items);
    reserveAfterRead();
  }

  /** Arrays of no elements cannot grow by half. */
  private void reserveAfterRead() {
    if (items < 256) {
      int known = items;
      reserve(255);
      items = known;
    }
  }
}
