package dev.millrace.job.config;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The kinds of stream that a job can learn from. */
public enum LearnedStream {
  /** What users did with items. */
  INTERACTIONS,
  /** Pictures. */
  IMAGES;

  /** Its name in options and in what the job writes: {@code interactions}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Streams named in a list such as {@code interactions,images}.
   *
   * @throws IllegalArgumentException if a name is unknown (the message names the nearest known one)
   *     or there is none
   */
  static Set<LearnedStream> parse(String list) {
    Set<LearnedStream> streams = EnumSet.noneOf(LearnedStream.class);
    for (String part : list.split(",", -1)) {
      streams.add(of(part.strip()));
    }
    return Collections.unmodifiableSet(streams);
  }

  private static LearnedStream of(String name) {
    List<String> keys = Arrays.stream(values()).map(LearnedStream::key).toList();
    int at = keys.indexOf(name.toLowerCase(Locale.ROOT));
    if (at < 0) {
      throw new IllegalArgumentException(
          "option '"
              + JobOptions.STREAMS.key()
              + "' names the unknown stream '"
              + name
              + "'; did you mean '"
              + NearestKey.of(name, keys)
              + "'?");
    }
    return values()[at];
  }
}
