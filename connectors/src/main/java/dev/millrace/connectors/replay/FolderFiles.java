package dev.millrace.connectors.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The images of a folder and the folders in it; links are not followed. */
final class FolderFiles implements ImageFiles {

  private final Path folder;
  private final List<String> paths;
  private final SkippedRows skipped;

  private FolderFiles(Path folder, List<String> paths, SkippedRows skipped) {
    this.folder = folder;
    this.paths = paths;
    this.skipped = skipped;
  }

  static FolderFiles open(Path folder, String prefix) throws IOException {
    List<String> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all =
          files
              .filter(Files::isRegularFile)
              .map(file -> folder.relativize(file).toString().replace('\\', '/'))
              .filter(path -> path.startsWith(prefix))
              .sorted()
              .toList();
    }
    SkippedRows skipped = new SkippedRows();
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Optional<String> reason =
          ImageFiles.reasonToSkip(all.get(i), Files.size(folder.resolve(all.get(i))));
      if (reason.isPresent()) {
        skipped.add(reason.get(), i + 1);
      } else {
        paths.add(all.get(i));
      }
    }
    return new FolderFiles(folder, paths, skipped);
  }

  @Override
  public List<String> paths() {
    return paths;
  }

  @Override
  public byte[] content(String path) throws IOException {
    return Files.readAllBytes(folder.resolve(path));
  }

  @Override
  public SkippedRows skipped() {
    return skipped;
  }

  @Override
  public void close() {}
}
