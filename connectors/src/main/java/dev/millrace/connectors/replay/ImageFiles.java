package dev.millrace.connectors.replay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The image files of a folder or a tar file, by path. */
interface ImageFiles extends Closeable {

  String NO_IMAGE = "no .jpg, .jpeg or .png";
  String TOO_LARGE = "larger than Kafka is asked to take";

  /** Largest file that fits into a record beside its key and headers. */
  long LARGEST = KafkaAccess.MAX_BYTES - (64 << 10);

  /** Paths of the images with slashes, sorted. */
  List<String> paths();

  /** The content of an image. */
  byte[] content(String path) throws IOException;

  /** Files that were left out. */
  SkippedRows skipped();

  /** Opens a folder or a tar file; only paths that start with the prefix are there. */
  static ImageFiles open(Path path, String prefix) throws IOException {
    if (Files.isDirectory(path)) {
      return FolderFiles.open(path, prefix);
    }
    if (!Files.isRegularFile(path)) {
      throw new NoSuchFileException(path.toString(), null, "there is no such folder or tar file");
    }
    return TarFiles.open(path, prefix);
  }

  /** The folder that an image lies in, unless that is one of the prefix: the image's label. */
  static String label(String path, String prefix) {
    int name = path.lastIndexOf('/');
    return name < prefix.length() ? "" : path.substring(path.lastIndexOf('/', name - 1) + 1, name);
  }

  /** Why a file is left out; empty when it is not. */
  static Optional<String> reasonToSkip(String path, long size) {
    String name = path.toLowerCase(Locale.ROOT);
    if (!name.endsWith(".jpg") && !name.endsWith(".jpeg") && !name.endsWith(".png")) {
      return Optional.of(NO_IMAGE);
    }
    return size > LARGEST ? Optional.of(TOO_LARGE) : Optional.empty();
  }
}
