package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.data.Interaction;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DriftingShopTest {

  private static Set<String> items(List<Interaction> events) {
    Set<String> items = new HashSet<>();
    events.forEach(event -> items.add(event.item()));
    return items;
  }

  @Test
  void seedGivesTheSameStreamInOrderOfTime() {
    List<Interaction> first = DriftingShop.interactions(3, 2_000);
    assertThat(DriftingShop.interactions(3, 2_000)).isEqualTo(first);
    assertThat(DriftingShop.interactions(4, 2_000)).isNotEqualTo(first);
    assertThat(first).hasSize(2_000);
    for (int i = 1; i < first.size(); i++) {
      assertThat(first.get(i).eventTime()).isGreaterThanOrEqualTo(first.get(i - 1).eventTime());
    }
  }

  @Test
  void halfOfTheItemsLeaveInTheMiddleAndAsManyCome() {
    List<Interaction> events = DriftingShop.interactions(1, 20_000);
    // A basket of at most nine lines may reach over the middle.
    Set<String> before = items(events.subList(0, 10_000));
    Set<String> after = items(events.subList(10_008, 20_000));
    assertThat(before).hasSize(360);
    assertThat(after).hasSize(360);
    after.retainAll(before);
    assertThat(after).hasSize(180);
  }

  @Test
  void streamWithoutAMiddleIsRefused() {
    assertThatThrownBy(() -> DriftingShop.interactions(1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 1");
  }
}
