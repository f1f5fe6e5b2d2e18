package dev.millrace.connectors.replay;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** A file that is read once from its beginning, plain, gzip or xz by its first bytes. */
final class InputFile implements Closeable {

  private static final int BUFFER = 1 << 16;
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] XZ = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};
  private static final int LONGEST_MAGIC = 6;

  private final long size;
  private final Counting counting;
  private final InputStream content;

  private InputFile(long size, Counting counting, InputStream content) {
    this.size = size;
    this.counting = counting;
    this.content = content;
  }

  static InputFile open(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new NoSuchFileException(path.toString(), null, "there is no such file to read");
    }
    Counting counting = new Counting(Files.newInputStream(path));
    try {
      BufferedInputStream buffered = new BufferedInputStream(counting, BUFFER);
      return new InputFile(Files.size(path), counting, unpacked(buffered));
    } catch (IOException | RuntimeException e) {
      counting.close();
      throw e;
    }
  }

  private static InputStream unpacked(BufferedInputStream file) throws IOException {
    file.mark(LONGEST_MAGIC);
    byte[] start = file.readNBytes(LONGEST_MAGIC);
    file.reset();
    if (startsWith(start, GZIP)) {
      return new GZIPInputStream(file, BUFFER);
    }
    return startsWith(start, XZ) ? new XZInputStream(file) : file;
  }

  private static boolean startsWith(byte[] start, byte[] magic) {
    return Arrays.equals(Arrays.copyOf(start, magic.length), magic);
  }

  /** The content, unpacked. */
  InputStream content() {
    return content;
  }

  /** Share of the file's bytes that were read, from 0 to 1. */
  double fraction() {
    return size == 0 ? 1 : Math.min(1, (double) counting.bytes / size);
  }

  @Override
  public void close() throws IOException {
    content.close();
  }

  private static final class Counting extends FilterInputStream {
    private long bytes;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      bytes += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      bytes += Math.max(0, count);
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = super.skip(count);
      bytes += skipped;
      return skipped;
    }
  }
}
