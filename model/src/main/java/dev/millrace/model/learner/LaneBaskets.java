package dev.millrace.model.learner;

import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.eval.Basket;
import dev.millrace.model.memory.IdIndex;
import dev.millrace.model.ranker.UserPast;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scores the baskets of a lane in mid-round: by what all copies share, which knows nothing of the
 * round, and by what the lane itself has met of the user since. Nothing shared is changed.
 */
final class LaneBaskets {

  /** Index of a user whom the shared state does not know: in use for nobody. */
  private static final int STRANGER = Integer.MAX_VALUE;

  private static final int SCORED_AT_ONCE = 64;

  private final int historyLimit;
  private final IdIndex users;
  private final ItemRows items;
  private final UserHistories histories;
  private final BasketRanking ranking;
  private final UserScorer scorer;

  LaneBaskets(
      SequenceLearnerConfig config,
      IdIndex users,
      ItemRows items,
      UserHistories histories,
      BasketRanking ranking,
      UserScorer scorer) {
    this.historyLimit = config.model().history();
    this.users = users;
    this.items = items;
    this.histories = histories;
    this.ranking = ranking;
    this.scorer = scorer;
  }

  /** One user's events of one time. */
  private record Visitor(int user, Basket basket, Interaction newest) {}

  /** Does something for a visitor for whom the neural scorer stands. */
  private interface Action {
    void accept(Visitor visitor, SequenceLane.Visit visit);
  }

  /** Ranks the baskets of a time, takes them into the lane's visits, and publishes. */
  void observe(
      SequenceLane lane, EventGroup<Interaction> group, long version, LearnerOutput output) {
    List<Visitor> visitors = visitors(group);
    if (lane.blend != null) {
      ranking.ranker().use(lane.blend);
    }
    forEachScored(
        lane,
        visitors.stream().filter(v -> ranking.evaluator().isEvaluated(v.user())).toList(),
        (visitor, visit) -> {
          lane.observed(
              ranking.rankBeside(
                  lane.evaluator, group.eventTime(), visitor.basket(), visit.past()));
          scorer.sampleScores(visitor.basket(), lane.trainer.random(), lane.scores());
        });
    visitors.forEach(visitor -> visit(lane, visitor, group.eventTime()));
    forEachScored(lane, visitors, (visitor, visit) -> publish(visitor, visit, version, output));
  }

  /** Takes the baskets of a time into the lane's visits again, after a restart in mid-round. */
  void revisit(SequenceLane lane, EventGroup<Interaction> group) {
    visitors(group).forEach(visitor -> visit(lane, visitor, group.eventTime()));
  }

  private List<Visitor> visitors(EventGroup<Interaction> group) {
    Map<String, List<Interaction>> byUser = new LinkedHashMap<>();
    for (Interaction event : group.events()) {
      byUser.computeIfAbsent(event.user(), user -> new ArrayList<>()).add(event);
    }
    Map<String, Integer> strangers = new HashMap<>();
    List<Visitor> visitors = new ArrayList<>();
    for (List<Interaction> events : byUser.values()) {
      Interaction newest = events.get(events.size() - 1);
      int user = users.indexOf(newest.user());
      int[] lines = new int[events.size()];
      Arrays.setAll(lines, line -> itemOf(events.get(line).item(), strangers));
      visitors.add(
          new Visitor(
              user == IdIndex.ABSENT ? STRANGER : user,
              new Basket(user == IdIndex.ABSENT ? STRANGER : user, lines),
              newest));
    }
    return visitors;
  }

  /** Index of an item; one beyond all others for an item that the shared state does not know. */
  private int itemOf(String id, Map<String, Integer> strangers) {
    int index = items.indexOf(id);
    return index != ItemRows.ABSENT
        ? index
        : strangers.computeIfAbsent(id, key -> items.count() + strangers.size());
  }

  private void forEachScored(SequenceLane lane, List<Visitor> visitors, Action action) {
    for (int from = 0; from < visitors.size(); from += SCORED_AT_ONCE) {
      List<Visitor> part = visitors.subList(from, Math.min(from + SCORED_AT_ONCE, visitors.size()));
      List<SequenceLane.Visit> visits = part.stream().map(v -> visitOf(lane, v)).toList();
      scorer.score(
          visits.stream().map(SequenceLane.Visit::items).toList(),
          visits.stream().map(SequenceLane.Visit::ages).toList());
      for (int i = 0; i < part.size(); i++) {
        scorer.select(i);
        action.accept(part.get(i), visits.get(i));
      }
    }
  }

  private SequenceLane.Visit visitOf(SequenceLane lane, Visitor visitor) {
    SequenceLane.Visit visit = lane.visits.get(visitor.newest().user());
    if (visit != null) {
      return visit;
    }
    return new SequenceLane.Visit(
        histories.items(visitor.user()),
        histories.ages(visitor.user()),
        ranking.ranker() == null ? null : ranking.ranker().past(visitor.user()));
  }

  private void visit(SequenceLane lane, Visitor visitor, long eventTime) {
    SequenceLane.Visit before = visitOf(lane, visitor);
    int[] lines = known(visitor.basket(), false);
    int[] added = known(visitor.basket(), true);
    int kept = Math.min(before.items().length, Math.max(0, historyLimit - added.length));
    int from = before.items().length - kept;
    int[] extended = new int[kept + added.length];
    int[] ages = new int[extended.length];
    System.arraycopy(before.items(), from, extended, 0, kept);
    System.arraycopy(added, 0, extended, kept, added.length);
    for (int i = 0; i < ages.length; i++) {
      ages[i] = i < kept ? before.ages()[from + i] + 1 : 1;
    }
    UserPast past =
        ranking.ranker() == null || lines.length == 0
            ? before.past()
            : ranking.ranker().pastWith(before.past(), lines, eventTime);
    lane.visits.put(visitor.newest().user(), new SequenceLane.Visit(extended, ages, past));
  }

  /** Lines, or distinct items, that the shared state knows. */
  private int[] known(Basket basket, boolean distinct) {
    Collection<Integer> known = new ArrayList<>();
    int count = distinct ? basket.itemCount() : basket.lineCount();
    for (int i = 0; i < count; i++) {
      int item = distinct ? basket.item(i) : basket.line(i);
      if (item < items.count()) {
        known.add(item);
      }
    }
    return known.stream().mapToInt(Integer::intValue).toArray();
  }

  private void publish(
      Visitor visitor, SequenceLane.Visit visit, long version, LearnerOutput output) {
    Interaction cause = visitor.newest();
    output.embedding(
        Embedding.of(
            Embedding.Kind.USER,
            cause.user(),
            scorer.user(),
            version,
            cause.eventTime(),
            cause.position()),
        cause.arrivalTime());
    output.recommendations(
        ranking.recommendBeside(
            visitor.user(),
            visit.past(),
            cause.user(),
            version,
            cause.eventTime(),
            cause.position()),
        cause.arrivalTime());
  }
}
