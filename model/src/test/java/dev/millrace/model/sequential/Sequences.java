package dev.millrace.model.sequential;

import dev.millrace.model.encoder.EncoderConfig;
import dev.millrace.model.kernel.SeededRandom;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;

/** Small files of sequences and small models for tests. */
final class Sequences {

  private Sequences() {}

  static InteractionSequences of(String... lines) {
    try {
      return InteractionSequences.read(
          new BufferedReader(new StringReader(String.join("\n", lines))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Users who walk along a ring of items, each from a place of its own, now and then two steps. */
  static InteractionSequences ring(int users, int items, int length) {
    SeededRandom random = new SeededRandom(17);
    String[] lines = new String[users];
    for (int u = 0; u < users; u++) {
      StringBuilder line = new StringBuilder("u" + u);
      int item = random.nextInt(items);
      int count = length + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        line.append(' ').append(item);
        item = (item + (random.nextInt(10) == 0 ? 2 : 1)) % items;
      }
      lines[u] = line.toString();
    }
    return of(lines);
  }

  /** A model of 8 numbers an item. */
  static TrainingConfig config(double dropout, int passes, int patience) {
    EncoderConfig encoder = new EncoderConfig(8, 2, 2, 16, 10, dropout, dropout, 1e-12);
    return new TrainingConfig(encoder, passes, patience, 32, 1e-2, 3);
  }

  /** Ignores how training goes. */
  static final PassReport.Listener QUIET =
      new PassReport.Listener() {
        @Override
        public void stepped(int pass, double done, double loss) {}

        @Override
        public void passed(PassReport report) {}
      };
}
