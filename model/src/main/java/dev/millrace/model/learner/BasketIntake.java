package dev.millrace.model.learner;

import dev.millrace.model.eval.Basket;
import dev.millrace.model.eval.TimeGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Takes the baskets of one time into prior, item table and histories; each becomes an example. */
final class BasketIntake {

  private final ItemRows items;
  private final UserHistories histories;
  private final PopularityPrior popularity;

  BasketIntake(ItemRows items, UserHistories histories, PopularityPrior popularity) {
    this.items = items;
    this.histories = histories;
    this.popularity = popularity;
  }

  /**
   * Takes baskets in; none of their examples sees another basket of the group.
   *
   * @param categories category of a user's basket, the key of the memory bank
   */
  List<BasketExample> take(TimeGroup baskets, IntFunction<String> categories) {
    List<BasketExample> examples = new ArrayList<>();
    for (Basket basket : baskets.baskets()) {
      int[] distinct = new int[basket.itemCount()];
      for (int i = 0; i < distinct.length; i++) {
        distinct[i] = basket.item(i);
      }
      for (int i = 0; i < basket.lineCount(); i++) {
        popularity.add(basket.line(i));
        items.sighted(basket.line(i), baskets.eventTime());
      }
      int user = basket.user();
      examples.add(
          new BasketExample(
              user,
              histories.items(user),
              histories.ages(user),
              distinct,
              categories.apply(user),
              popularity.lines()));
    }
    for (BasketExample example : examples) {
      histories.add(example.index(), example.items());
    }
    items.table().expire(baskets.eventTime());
    return examples;
  }
}
