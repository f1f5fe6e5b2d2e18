package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.kernel.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayBufferTest {

  private static BasketExample example(int user, String category) {
    return new BasketExample(
        user, new int[] {user}, new int[] {1}, new int[] {user + 1}, category, user);
  }

  private static Set<Integer> drawn(ReplayBuffer buffer, SeededRandom random) {
    Set<Integer> users = new HashSet<>();
    for (int i = 0; i < 400; i++) {
      users.add(buffer.draw(random).index());
    }
    return users;
  }

  @Test
  void holdsAllUntilItIsFullAndThenAsManyOfTheNewest() {
    ReplayBuffer buffer = new ReplayBuffer(10);
    SeededRandom random = new SeededRandom(1);
    assertThat(buffer.isEmpty()).isTrue();
    for (int user = 0; user < 10; user++) {
      buffer.add(example(user, "c"), random);
    }
    assertThat(drawn(buffer, random)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    for (int user = 10; user < 200; user++) {
      buffer.add(example(user, "c"), random);
    }
    Set<Integer> late = drawn(buffer, random);
    assertThat(late).hasSize(10).contains(199).allMatch(user -> user > 100);
  }

  @Test
  void restoredBufferDrawsTheSameAndLongCategoriesAreKept() throws IOException {
    ReplayBuffer buffer = new ReplayBuffer(5);
    SeededRandom random = new SeededRandom(2);
    String category = "é".repeat(70_000);
    for (int user = 0; user < 9; user++) {
      buffer.add(example(user, category), random);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    buffer.writeTo(new DataOutputStream(bytes));
    ReplayBuffer restored = new ReplayBuffer(5);
    restored.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    SeededRandom one = new SeededRandom(3);
    SeededRandom other = new SeededRandom(3);
    for (int i = 0; i < 50; i++) {
      BasketExample expected = buffer.draw(one);
      BasketExample actual = restored.draw(other);
      assertThat(actual.user()).isEqualTo(expected.user());
      assertThat(actual.items()).isEqualTo(expected.items());
      assertThat(actual.category()).isEqualTo(category);
    }
  }
}
