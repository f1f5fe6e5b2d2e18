package dev.millrace.model.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.kernel.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ItemCorrelationTest {

  private static byte[] bytes(ItemCorrelation correlation) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    correlation.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static void learn(ItemCorrelation correlation, long seed) {
    SeededRandom random = new SeededRandom(seed);
    for (int i = 0; i < 3_000; i++) {
      int[] history = new int[1 + random.nextInt(6)];
      for (int at = 0; at < history.length; at++) {
        history[at] = random.nextInt(400);
      }
      correlation.observe(history, random.nextInt(400));
    }
  }

  @Test
  void restoredCorrelationContinuesExactly() throws IOException {
    ItemCorrelation undisturbed = new ItemCorrelation();
    learn(undisturbed, 1);
    ItemCorrelation restored =
        ItemCorrelation.readFrom(new DataInputStream(new ByteArrayInputStream(bytes(undisturbed))));
    learn(undisturbed, 2);
    learn(restored, 2);
    assertThat(bytes(restored)).isEqualTo(bytes(undisturbed));
    for (int item = 0; item < 400; item++) {
      assertThat(restored.mostSimilar(item)).isEqualTo(undisturbed.mostSimilar(item));
    }
  }

  @Test
  void itemNeverMetIsMostLikeItself() {
    ItemCorrelation correlation = new ItemCorrelation();
    correlation.observe(new int[] {3}, 5);
    assertThat(correlation.mostSimilar(3)).isEqualTo(5);
    assertThat(correlation.mostSimilar(4)).isEqualTo(4);
    assertThat(correlation.mostSimilar(100_000)).isEqualTo(100_000);
  }
}
