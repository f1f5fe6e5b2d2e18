package dev.millrace.connectors.replay;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The images of a tar file, which is read once: their bytes go one behind the other into one
 * temporary file, which is deleted when this is closed; only paths and places are in memory. Of two
 * entries of one path the later counts, as when the file is unpacked.
 */
final class TarFiles implements ImageFiles {

  private record Place(long offset, int length) {}

  private final Path spool;
  private final RandomAccessFile bytes;
  private final TreeMap<String, Place> places = new TreeMap<>();
  private final SkippedRows skipped = new SkippedRows();

  private TarFiles(Path spool) throws IOException {
    this.spool = spool;
    this.bytes = new RandomAccessFile(spool.toFile(), "rw");
  }

  static TarFiles open(Path path, String prefix) throws IOException {
    TarFiles files = new TarFiles(Files.createTempFile("millrace-images", ".spool"));
    try {
      files.fill(path, prefix);
      return files;
    } catch (IOException e) {
      files.close();
      throw new IOException(
          path + " cannot be read as a tar file, plain, gzip or xz: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private void fill(Path path, String prefix) throws IOException {
    long offset = 0;
    long entries = 0;
    try (InputFile file = InputFile.open(path);
        TarArchiveInputStream tar = new TarArchiveInputStream(file.content())) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(bytes.getChannel()));
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries++;
        String name =
            entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
        if (!entry.isFile() || !name.startsWith(prefix)) {
          continue;
        }
        Optional<String> reason = ImageFiles.reasonToSkip(name, entry.getSize());
        if (reason.isPresent()) {
          skipped.add(reason.get(), entries);
          continue;
        }
        long length = tar.transferTo(out);
        places.put(name, new Place(offset, Math.toIntExact(length)));
        offset += length;
      }
      out.flush();
    }
    if (entries == 0) {
      throw new IOException("it has no entries");
    }
  }

  @Override
  public List<String> paths() {
    return List.copyOf(places.keySet());
  }

  @Override
  public byte[] content(String path) throws IOException {
    Place place = places.get(path);
    byte[] content = new byte[place.length()];
    bytes.seek(place.offset());
    bytes.readFully(content);
    return content;
  }

  @Override
  public SkippedRows skipped() {
    return skipped;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
    Files.deleteIfExists(spool);
  }
}
