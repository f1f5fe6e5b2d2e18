package dev.millrace.job.demo;

import java.util.List;

/**
 * Which images of a set are streamed and which are kept back to test with.
 *
 * @param streamed what the paths of streamed images begin with; nothing for all
 * @param test what the paths of test images begin with; null if there are none
 */
record ImageSplit(String streamed, String test) {

  private static final String TRAIN = "train/";
  private static final String TEST = "test/";

  /** The split of a set that has folders {@code train} and {@code test}; of others, none. */
  static ImageSplit of(List<String> paths) {
    for (String path : paths) {
      int at = ("/" + path).indexOf("/" + TRAIN);
      if (at >= 0) {
        String root = path.substring(0, at);
        if (paths.stream().anyMatch(other -> other.startsWith(root + TEST))) {
          return new ImageSplit(root + TRAIN, root + TEST);
        }
      }
    }
    return new ImageSplit("", null);
  }
}
