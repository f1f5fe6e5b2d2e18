package dev.millrace.job.function;

import dev.millrace.connectors.rounds.RoundLog;
import dev.millrace.connectors.rounds.RoundRecord;
import dev.millrace.model.learner.LaneReplica;
import dev.millrace.model.learner.LearnerOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the lanes of a subtask in step with all others, round by round.
 *
 * <p>Every lane tells up to which round it is covered: it has told all that there is to tell before
 * it. A lane with nothing to tell for some rounds says so at once, as soon as the watermark has
 * passed them. The next round that anybody may have news of is the least covered round of all
 * lanes, or an earlier one of which there are news. Whoever has events in it observes them and
 * tells its news; when all lanes are covered beyond it, all news of it are merged. So every subtask
 * merges the same rounds in the same order, and has merged the same ones when a watermark, or a
 * checkpoint barrier, goes on.
 *
 * <p>A subtask waits for others while it holds its own input back. The others have, or will get
 * without it, all that they need: the watermark that this one acts upon was sent to all of them at
 * the same place in the stream.
 *
 * <p>After a restart the log may hold news that this subtask is about to tell again. Whoever reads
 * the log takes the first, and so does the lane itself. They have equal bytes unless events came
 * late, which is logged.
 */
final class LaneRounds {

  /** What comes after the last event: everything that is left is learned. */
  static final long CLOSING = Long.MAX_VALUE - 1;

  private static final Logger LOG = LoggerFactory.getLogger(LaneRounds.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final byte[] NOTHING = {};

  // configuration
  private final LaneReplica<?> replica;
  private final RoundLog log;
  private final SortedSet<Integer> own;
  private final Duration patience;

  // state of all lanes: covered[lane] is the first round that it has not told of
  private final long[] covered;
  private long next;

  // runtime
  /** By own lane: rounds that events wait in, with the number of times in each. */
  private final Map<Integer, TreeMap<Long, Integer>> waiting = new HashMap<>();

  /** News of rounds that are not merged yet, by round and lane. */
  private final TreeMap<Long, TreeMap<Integer, byte[]>> news = new TreeMap<>();

  /** What own lanes told before a restart, by lane and round. */
  private final Map<Integer, Map<Long, byte[]>> told = new HashMap<>();

  /** Records read that speak of rounds to come: where a reader must begin to meet them again. */
  private final Map<RoundRecord, RoundLog.Read> ahead = new HashMap<>();

  private long merged;
  private long waitedNanos;

  /** Lets a lane meet its events up to the end of a round. */
  interface Events {
    void observeThrough(long round) throws Exception;
  }

  /**
   * @param lanes number of all lanes
   * @param own those that are open on the replica
   * @param next first round that is not merged
   * @param patience how long another lane may stay silent
   */
  LaneRounds(
      LaneReplica<?> replica,
      RoundLog log,
      int lanes,
      SortedSet<Integer> own,
      long next,
      Duration patience) {
    this.replica = replica;
    this.log = log;
    this.own = new TreeSet<>(own);
    this.next = next;
    this.patience = patience;
    covered = new long[lanes];
    Arrays.fill(covered, next);
    own.forEach(lane -> waiting.put(lane, new TreeMap<>()));
    log.readToEnd().forEach(this::takeFirst);
    TreeSet<Integer> others = new TreeSet<>();
    for (int lane = 0; lane < lanes; lane++) {
      if (!own.contains(lane)) {
        others.add(lane);
      }
    }
    log.follow(others);
  }

  /** At the start: what own lanes told before a restart is kept, for the first to count. */
  private void takeFirst(RoundLog.Read read) {
    RoundRecord record = read.record();
    if (!own.contains(record.lane())) {
      take(read);
    } else if (record.hasNews() && record.from() >= next) {
      told.computeIfAbsent(record.lane(), lane -> new HashMap<>())
          .putIfAbsent(record.from(), record.news());
    }
  }

  private void take(RoundLog.Read read) {
    RoundRecord record = read.record();
    int lane = record.lane();
    if (lane >= covered.length || own.contains(lane) || record.to() <= covered[lane]) {
      return;
    }
    if (record.from() > covered[lane]) {
      throw new IllegalStateException(
          "lane "
              + lane
              + " tells of round "
              + record.from()
              + " and has not told of the rounds from "
              + covered[lane]
              + " on: records of the topic of model updates are lost. Resume from a newer"
              + " checkpoint, or start without state from the beginning of the stream");
    }
    if (record.hasNews() && record.from() == covered[lane]) {
      news.computeIfAbsent(record.from(), round -> new TreeMap<>()).put(lane, record.news());
    }
    covered[lane] = record.to();
    ahead.put(record, read);
  }

  /** Notes that events of a lane wait for a time of a round. */
  void waits(int lane, long round) {
    waiting.get(lane).merge(round, 1, Integer::sum);
  }

  /** Notes that the lane has met the events of such a time. */
  void observed(int lane, long round) {
    waiting.get(lane).computeIfPresent(round, (key, times) -> times == 1 ? null : times - 1);
  }

  /** First round that is not merged. */
  long next() {
    return next;
  }

  /** Rounds with news that were merged here since the start. */
  long merged() {
    return merged;
  }

  /** Time spent waiting for other subtasks. */
  long waitedNanos() {
    return waitedNanos;
  }

  /**
   * Ends all rounds below one: no event of them will come any more, but late ones.
   *
   * @param complete first round that is not over
   */
  void advance(long complete, Events events, LearnerOutput output) throws Exception {
    while (true) {
      declare(complete);
      long round = news.isEmpty() ? least() : Math.min(least(), news.firstKey());
      if (round >= complete) {
        break;
      }
      tell(round, events);
      awaitCovered(round);
      merge(round, output);
      next = round + 1;
    }
    next = Math.max(next, complete);
  }

  /** Learns and merges what is left when the stream has ended. */
  void close(LearnerOutput output) throws Exception {
    for (int lane : own) {
      replica.learnRest(lane);
      publish(lane, CLOSING, Long.MAX_VALUE, newsOf(lane, CLOSING));
    }
    awaitCovered(CLOSING);
    merge(CLOSING, output);
    next = Long.MAX_VALUE;
    log.flush();
  }

  /** Says of own lanes that they have nothing to tell before their next round with events. */
  private void declare(long complete) {
    for (int lane : own) {
      long to = Math.min(firstRound(lane), complete);
      if (to > covered[lane]) {
        publish(lane, covered[lane], to, NOTHING);
      }
    }
  }

  private long firstRound(int lane) {
    if (replica.hasNews(lane)) {
      return covered[lane];
    }
    TreeMap<Long, Integer> rounds = waiting.get(lane);
    return rounds.isEmpty() ? Long.MAX_VALUE : Math.max(covered[lane], rounds.firstKey());
  }

  private long least() {
    return Arrays.stream(covered).min().orElseThrow();
  }

  /** Own lanes whose turn it is observe the round's events and tell what they met. */
  private void tell(long round, Events events) throws Exception {
    boolean observed = false;
    for (int lane : own) {
      if (covered[lane] == round) {
        if (!observed) {
          events.observeThrough(round);
          requireObserved(round);
          observed = true;
        }
        publish(lane, round, round + 1, newsOf(lane, round));
      }
    }
  }

  /**
   * Flink fires no more timers once a task is being cancelled. What the lanes have met by then is
   * not what the round holds, and told it would count as the first.
   */
  private void requireObserved(long round) {
    for (int lane : own) {
      if (!waiting.get(lane).headMap(round, true).isEmpty()) {
        throw new IllegalStateException(
            "lane "
                + lane
                + " has not met all events of round "
                + round
                + ": the task is being cancelled, and nothing is told of the round");
      }
    }
  }

  private byte[] newsOf(int lane, long round) {
    byte[] fresh = replica.hasNews(lane) ? replica.news(lane) : NOTHING;
    byte[] first = told.getOrDefault(lane, Map.of()).get(round);
    if (first == null) {
      return fresh;
    }
    told.get(lane).remove(round);
    if (!Arrays.equals(first, fresh)) {
      LOG.warn(
          "lane {} told something else of round {} before the restart; what it told first counts."
              + " Late events differ from run to run: raise the bound of out-of-orderness",
          lane,
          round);
    }
    return first;
  }

  private void publish(int lane, long from, long to, byte[] told) {
    RoundRecord record = new RoundRecord(lane, from, to, told);
    log.publish(record);
    covered[lane] = to;
    if (record.hasNews()) {
      news.computeIfAbsent(from, round -> new TreeMap<>()).put(lane, told);
    }
  }

  private void awaitCovered(long round) {
    long started = System.nanoTime();
    while (least() <= round) {
      log.poll(POLL).forEach(this::take);
      if (least() <= round && System.nanoTime() - started > patience.toNanos()) {
        throw new IllegalStateException(silent(round));
      }
    }
    waitedNanos += System.nanoTime() - started;
  }

  private String silent(long round) {
    StringBuilder lanes = new StringBuilder();
    for (int lane = 0; lane < covered.length; lane++) {
      if (covered[lane] <= round) {
        lanes.append(lanes.isEmpty() ? "" : ", ").append(lane);
      }
    }
    return "lanes "
        + lanes
        + " have told nothing of round "
        + round
        + " for "
        + patience.toSeconds()
        + " s: look whether their task managers run and whether the topic of model updates takes"
        + " records";
  }

  private void merge(long round, LearnerOutput output) throws IOException {
    SortedMap<Integer, byte[]> ofRound = news.remove(round);
    if (ofRound != null) {
      replica.merge(ofRound, output);
      merged++;
    }
    ahead.keySet().removeIf(record -> record.to() <= round + 1);
  }

  /**
   * Where a reader of the log begins after a restart from here, by partition; all that was told
   * until now has arrived when this returns.
   */
  Map<Integer, Long> positions() {
    log.flush();
    Map<Integer, Long> positions = new TreeMap<>(log.positions());
    for (RoundLog.Read read : ahead.values()) {
      if (read.record().to() > next) {
        positions.merge(read.partition(), read.offset(), Math::min);
      }
    }
    return positions;
  }
}
