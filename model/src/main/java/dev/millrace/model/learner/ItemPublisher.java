package dev.millrace.model.learner;

import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.SourcePosition;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Publishes the vectors of items, and tombstones of those that lost their row. */
final class ItemPublisher {

  private final ItemRows items;

  ItemPublisher(ItemRows items) {
    this.items = items;
  }

  /**
   * What an item's record tells beside the vector.
   *
   * @param version of the model
   * @param eventTime newest event time
   * @param cause where the newest event stands
   * @param arrivalTime when it was read
   */
  record Moment(long version, long eventTime, SourcePosition cause, long arrivalTime) {}

  /** Distinct items of baskets, in their order. */
  static Set<Integer> touched(Collection<BasketExample> baskets) {
    Set<Integer> touched = new LinkedHashSet<>();
    for (BasketExample basket : baskets) {
      for (int item : basket.items()) {
        touched.add(item);
      }
    }
    return touched;
  }

  /** Publishes those of the items that have a row and are wanted, by id. */
  void publish(
      Collection<Integer> some, Predicate<String> wanted, Moment moment, LearnerOutput output) {
    for (int item : some) {
      int row = items.rowOf(item);
      if (row != ItemRows.ABSENT && wanted.test(items.idOf(item))) {
        float[] vector = new float[items.table().config().width()];
        items.table().vectors().value().rows(row, row + 1).copyTo(vector, 0);
        output.embedding(
            Embedding.of(
                Embedding.Kind.ITEM,
                items.idOf(item),
                vector,
                moment.version(),
                moment.eventTime(),
                moment.cause()),
            moment.arrivalTime());
      }
    }
  }

  /** Publishes a tombstone of each wanted item that lost its row since the last call. */
  void publishRemoved(Predicate<String> wanted, Moment moment, LearnerOutput output) {
    List<String> removed = items.drainRemoved();
    for (String id : removed) {
      if (wanted.test(id)) {
        output.embedding(
            Embedding.tombstone(
                Embedding.Kind.ITEM, id, moment.version(), moment.eventTime(), moment.cause()),
            moment.arrivalTime());
      }
    }
  }
}
