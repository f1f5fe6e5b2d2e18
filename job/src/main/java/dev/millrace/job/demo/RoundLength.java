package dev.millrace.job.demo;

import dev.millrace.connectors.replay.InteractionFile;
import dev.millrace.connectors.replay.ReplaySource;
import dev.millrace.model.data.Interaction;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the length of a round in which each lane meets about half a mini-batch, of a file's baskets
 * or of images.
 */
final class RoundLength {

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private RoundLength() {}

  /**
   * The length for images that are sent one after the other, {@code lanes * batch / 2 * spacing}.
   *
   * @param spacing event time between two images
   */
  static Duration of(Duration spacing, int lanes, int batch) {
    return spacing.multipliedBy(Math.max(1, (long) lanes * batch / 2));
  }

  private record Basket(String user, long time) {}

  /**
   * The length, in whole seconds of event time.
   *
   * <pre>
   *   lanes * batch / 2 * (last - first event time) / baskets
   * </pre>
   *
   * @param limit usable rows after which the replay ends
   */
  static Duration of(ReplaySource.Rows rows, long limit, int lanes, int batch) throws IOException {
    Set<Basket> baskets = new HashSet<>();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    try (InteractionFile file =
        InteractionFile.open(rows.path(), rows.mapping(), rows.filters(), rows.timeFormat())) {
      Optional<Interaction> next = file.next();
      for (long count = 0; next.isPresent() && count < limit; count++) {
        Interaction event = next.get();
        baskets.add(new Basket(event.user(), event.eventTime()));
        first = Math.min(first, event.eventTime());
        last = Math.max(last, event.eventTime());
        next = file.next();
      }
    }
    if (baskets.isEmpty()) {
      return SHORTEST;
    }
    double seconds = 0.5 * lanes * batch * (last - first) / baskets.size() / 1000;
    return Duration.ofSeconds(Math.max(SHORTEST.toSeconds(), Math.round(seconds)));
  }
}
