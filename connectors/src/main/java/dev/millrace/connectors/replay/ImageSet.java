package dev.millrace.connectors.replay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The images that a replay of {@link ReplaySource.Images} would send, one by one. */
public final class ImageSet implements Closeable {

  private final ImageFiles files;

  private ImageSet(ImageFiles files) {
    this.files = files;
  }

  /** Opens a folder or a tar file, plain, gzip or xz. */
  public static ImageSet open(Path path) throws IOException {
    return new ImageSet(ImageFiles.open(path, ""));
  }

  /** Paths of the images with slashes, sorted; they are the ids of a replay. */
  public List<String> paths() {
    return files.paths();
  }

  /** The content of an image. */
  public byte[] content(String path) throws IOException {
    return files.content(path);
  }

  /** The label that a replay of a prefix gives an image; empty for none. */
  public static String label(String path, String prefix) {
    return ImageFiles.label(path, prefix);
  }

  /**
   * Writes all images into a directory, so that they can be read often.
   *
   * @throws IOException if a path leads out of it, or it cannot be written
   */
  public void copyTo(Path directory) throws IOException {
    Path root = directory.toAbsolutePath().normalize();
    for (String path : files.paths()) {
      Path file = root.resolve(path).normalize();
      if (!file.startsWith(root)) {
        throw new IOException("the path " + path + " leads out of the set of images");
      }
      Files.createDirectories(file.getParent());
      Files.write(file, files.content(path));
    }
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
