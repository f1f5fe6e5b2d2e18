package dev.millrace.model.memory;

import dev.millrace.model.kernel.SeededRandom;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Ids as UTF-8 bytes and their 64-bit hash, the same on every machine and in every run. */
final class IdBytes {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private IdBytes() {}

  /**
   * UTF-8 of an id.
   *
   * @throws IllegalArgumentException for an unpaired surrogate: it has no UTF-8 form, and two such
   *     ids would fall together
   */
  static byte[] of(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < id.length()
                && Character.isLowSurrogate(id.charAt(i + 1));
        if (!pair) {
          throw new IllegalArgumentException(
              "an id holds an unpaired surrogate at character "
                  + i
                  + "; it is not valid text and belongs with the dead letters");
        }
        i++;
      }
    }
    return id.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Eight bytes at a time through SplitMix64's output function, the length last. */
  static long hash(byte[] bytes) {
    long hash = MULTIPLIER;
    int i = 0;
    for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
      hash = SeededRandom.mix(hash ^ (long) LONGS.get(bytes, i)) + MULTIPLIER;
    }
    long tail = 0;
    for (int shift = 0; i < bytes.length; i++, shift += Byte.SIZE) {
      tail |= (bytes[i] & 0xFFL) << shift;
    }
    hash = SeededRandom.mix(hash ^ tail) + MULTIPLIER;
    return SeededRandom.mix(hash ^ bytes.length);
  }
}
