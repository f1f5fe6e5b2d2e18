package dev.millrace.connectors.replay;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** A file that is read once from its beginning, plain or gzip by its first two bytes. */
final class InputFile implements Closeable {

  private static final int BUFFER = 1 << 16;

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
      buffered.mark(2);
      boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
      buffered.reset();
      InputStream content = gzip ? new GZIPInputStream(buffered, BUFFER) : buffered;
      return new InputFile(Files.size(path), counting, content);
    } catch (IOException | RuntimeException e) {
      counting.close();
      throw e;
    }
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
