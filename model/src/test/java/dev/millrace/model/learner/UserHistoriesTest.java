package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class UserHistoriesTest {

  @Test
  void keepsTheNewestItemsWithTheirAges() {
    UserHistories histories = new UserHistories(4);
    histories.add(7, new int[] {1, 2});
    histories.add(7, new int[] {3});
    histories.add(7, new int[] {4, 5});
    assertThat(histories.items(7)).containsExactly(2, 3, 4, 5);
    assertThat(histories.ages(7)).containsExactly(3, 2, 1, 1);
    assertThat(histories.items(3)).isEmpty();
  }

  @Test
  void restoredHistoriesContinueExactlyWhateverWasDropped() throws IOException {
    UserHistories whole = new UserHistories(5);
    for (int basket = 0; basket < 200; basket++) {
      whole.add(basket % 3, new int[] {basket, basket + 1, basket + 2});
      byte[] bytes = bytes(whole);
      UserHistories restored =
          UserHistories.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)));
      assertThat(bytes(restored)).isEqualTo(bytes);
      assertThat(restored.items(0)).isEqualTo(whole.items(0)).hasSizeLessThanOrEqualTo(5);
      assertThat(restored.ages(0)).isEqualTo(whole.ages(0));
      whole = restored;
    }
  }

  private static byte[] bytes(UserHistories histories) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    histories.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }
}
