package dev.millrace.connectors.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.millrace.connectors.codec.DecodeException;
import dev.millrace.connectors.codec.DecodeFault;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class BrokenImageTest {

  private final ImageDecoder decoder = new ImageDecoder(PixelLimits.DEFAULT);

  static List<BrokenImage> files() {
    return BrokenImage.all().stream().filter(broken -> broken.file().length > 0).toList();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyKindHasItsFaultAndSaysWhatIsWrong(BrokenImage broken) {
    assertThatThrownBy(() -> decoder.read(broken.file()))
        .as(broken.name())
        .isInstanceOf(DecodeException.class)
        .matches(e -> ((DecodeException) e).errorClass().equals(broken.errorClass()), "errorClass")
        .extracting(Throwable::getMessage)
        .asString()
        .hasSizeGreaterThan(20);
  }

  @Test
  void aHeaderAloneAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (BrokenImage broken : files()) {
      if (broken.name().contains("30,000") || broken.name().contains("cannot be so large")) {
        assertThatThrownBy(() -> decoder.read(broken.file())).isInstanceOf(DecodeException.class);
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> decoder.read(broken.file())).isInstanceOf(DecodeException.class);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
            .as(broken.name())
            .isLessThan(1 << 20);
      }
    }
  }

  @Test
  void whatInflatesBeyondThePixelsIsNotInflated() throws DecodeException {
    byte[] bomb = BrokenImage.inflatingPng();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    decoder.read(bomb);
    long before = threads.getCurrentThreadAllocatedBytes();

    assertThat(decoder.read(bomb).rgb()).containsExactly(0, 0, 0);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
  }

  @Test
  void mutatedFilesAreReadOrHaveAFault() {
    Random random = new Random(7);
    List<byte[]> seeds = List.copyOf(TestImages.all().values());
    Map<DecodeFault, Integer> faults = new EnumMap<>(DecodeFault.class);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] file = mutated(seeds.get(i % seeds.size()), random);
      try {
        assertThat(decoder.read(file).rgb()).isNotEmpty();
        read++;
      } catch (DecodeException e) {
        assertThat(e.getMessage()).isNotBlank();
        faults.merge(e.fault(), 1, Integer::sum);
      }
    }
    assertThat(read).isBetween(1, 19_999);
    assertThat(faults)
        .containsKeys(
            DecodeFault.NOT_AN_IMAGE,
            DecodeFault.TRUNCATED_IMAGE,
            DecodeFault.CORRUPT_IMAGE,
            DecodeFault.UNSUPPORTED_IMAGE,
            DecodeFault.IMAGE_TOO_LARGE);
  }

  /** Bits flipped, bytes cut off or moved; a PNG sometimes gets its checksums right again. */
  private static byte[] mutated(byte[] seed, Random random) {
    byte[] file = seed.clone();
    for (int n = random.nextInt(4); n >= 0; n--) {
      int at = random.nextInt(random.nextBoolean() ? Math.min(64, file.length) : file.length);
      switch (random.nextInt(4)) {
        case 0 -> file = Arrays.copyOf(file, Math.max(1, at));
        case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> file[at] = (byte) random.nextInt(256);
        default -> {
          int length = Math.min(random.nextInt(16), file.length - at);
          System.arraycopy(file, 0, file, at, length);
        }
      }
    }
    return random.nextBoolean() ? file : withChecksums(file);
  }

  private static byte[] withChecksums(byte[] file) {
    ByteBuffer numbers = ByteBuffer.wrap(file);
    int at = 8;
    while (PngFile.startsLike(file) && at + 12 <= file.length) {
      int length = numbers.getInt(at);
      if (length < 0 || at + 12L + length > file.length) {
        return file;
      }
      CRC32 sum = new CRC32();
      sum.update(file, at + 4, 4 + length);
      numbers.putInt(at + 8 + length, (int) sum.getValue());
      at += 12 + length;
    }
    return file;
  }
}
