package dev.millrace.job.cluster;

import dev.millrace.connectors.replay.InteractionFile;
import dev.millrace.connectors.replay.OnlineRetail;
import dev.millrace.connectors.replay.TimeFormat;
import dev.millrace.model.data.Interaction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The first interactions of the bundled shop transactions. */
final class Retail {

  private static final Path FILE =
      Path.of("src", "main", "resources", "data", "retail-2009-2010.csv.gz");

  private Retail() {}

  static List<Interaction> first(int count) throws IOException {
    List<Interaction> interactions = new ArrayList<>();
    try (InteractionFile file =
        InteractionFile.open(
            FILE, OnlineRetail.mapping(), OnlineRetail.filters(), TimeFormat.of("auto"))) {
      while (interactions.size() < count) {
        Optional<Interaction> next = file.next();
        interactions.add(next.orElseThrow());
      }
    }
    return interactions;
  }
}
