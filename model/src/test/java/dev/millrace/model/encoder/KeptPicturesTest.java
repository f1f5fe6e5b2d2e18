package dev.millrace.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.kernel.SeededRandom;
import org.junit.jupiter.api.Test;

class KeptPicturesTest {

  @Test
  void allAreKeptInTheirOrderUntilItIsFull() {
    KeptPictures kept = sample(0, 5, 8, new SeededRandom(1));

    assertThat(kept.count()).isEqualTo(5);
    for (int i = 0; i < 5; i++) {
      assertThat(kept.bytes()[i]).isEqualTo((byte) i);
    }
  }

  @Test
  void eachPictureHasTheSameChance() {
    int early = 0;
    for (int seed = 0; seed < 300; seed++) {
      early += below(sample(0, 100, 10, new SeededRandom(seed)), 50);
    }

    // 1,500 expected of 3,000, standard deviation below 28.
    assertThat(early).isBetween(1_350, 1_650);
  }

  @Test
  void aMergedSampleIsASampleOfBothStreams() {
    int fromLong = 0;
    for (int seed = 0; seed < 300; seed++) {
      KeptPictures merged = sample(0, 75, 10, new SeededRandom(seed));
      SeededRandom random = new SeededRandom(1_000 + seed);
      merged.mergeInPlace(sample(75, 25, 10, random), random);
      assertThat(merged.count()).isEqualTo(10);
      assertThat(merged.offered()).isEqualTo(100);
      fromLong += below(merged, 75);
    }

    // 2,250 expected of 3,000.
    assertThat(fromLong).isBetween(2_120, 2_380);
  }

  @Test
  void mergedStreamsThatFitAreKeptWhole() {
    KeptPictures merged = sample(0, 3, 10, new SeededRandom(1));
    merged.mergeInPlace(sample(3, 4, 10, new SeededRandom(2)), new SeededRandom(3));

    assertThat(merged.count()).isEqualTo(7);
    for (int i = 0; i < 7; i++) {
      assertThat(merged.bytes()[i]).isEqualTo((byte) i);
    }
  }

  /** Pictures of one byte that count from {@code first} on. */
  private static KeptPictures sample(int first, int count, int capacity, SeededRandom random) {
    KeptPictures kept = new KeptPictures(capacity, 1);
    for (int i = 0; i < count; i++) {
      kept.offer(new byte[] {(byte) (first + i)}, 0, random);
    }
    return kept;
  }

  private static int below(KeptPictures kept, int bound) {
    int below = 0;
    for (int i = 0; i < kept.count(); i++) {
      below += kept.bytes()[i] < bound ? 1 : 0;
    }
    return below;
  }
}
