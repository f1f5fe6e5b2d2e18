package dev.millrace.job.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.connectors.rounds.RoundLog;
import dev.millrace.connectors.rounds.RoundRecord;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.learner.EventGroup;
import dev.millrace.model.learner.LaneReplica;
import dev.millrace.model.learner.LearnerGauges;
import dev.millrace.model.learner.LearnerOutput;
import java.io.DataInput;
import java.io.DataOutput;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Subtasks are threads here, the topic is a list, and a model is the text of what was merged. */
@Timeout(60)
class LaneRoundsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What the subtasks of one job tell each other. */
  private final List<RoundRecord> topic = new ArrayList<>();

  private final class ListLog implements RoundLog {
    private int at;

    private ListLog(int at) {
      this.at = at;
    }

    @Override
    public void publish(RoundRecord record) {
      synchronized (topic) {
        topic.add(record);
        topic.notifyAll();
      }
    }

    @Override
    public void flush() {}

    @Override
    public List<Read> readToEnd() {
      synchronized (topic) {
        List<Read> all = new ArrayList<>();
        for (; at < topic.size(); at++) {
          all.add(new Read(topic.get(at), 0, at));
        }
        return all;
      }
    }

    @Override
    public void follow(Collection<Integer> lanes) {}

    @Override
    public List<Read> poll(Duration patience) {
      synchronized (topic) {
        if (at == topic.size()) {
          try {
            topic.wait(patience.toMillis());
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        }
        return readToEnd();
      }
    }

    @Override
    public Map<Integer, Long> positions() {
      return Map.of(0, (long) at);
    }

    @Override
    public void close() {}
  }

  /** Lanes whose news are the events they met since, and a word once after each merged event. */
  private static final class Text implements LaneReplica<Interaction> {
    private final StringBuilder merged = new StringBuilder();
    private final TreeMap<Integer, String> news = new TreeMap<>();

    void met(int lane, String event) {
      news.merge(lane, event, String::concat);
    }

    @Override
    public void open(int lane) {}

    @Override
    public void open(int lane, DataInput in) {}

    @Override
    public void observe(int lane, EventGroup<Interaction> group, LearnerOutput output) {}

    @Override
    public boolean hasNews(int lane) {
      return news.containsKey(lane);
    }

    @Override
    public byte[] news(int lane) {
      return news.remove(lane).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void learnRest(int lane) {
      news.merge(lane, "rest" + lane, String::concat);
    }

    @Override
    public void merge(SortedMap<Integer, byte[]> newsByLane, LearnerOutput output) {
      newsByLane.forEach(
          (lane, bytes) -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            merged.append(lane).append(':').append(text).append(' ');
          });
      merged.append("| ");
    }

    @Override
    public void finish(LearnerOutput output) {}

    @Override
    public void writeSharedTo(DataOutput out) {}

    @Override
    public void writeLaneTo(int lane, DataOutput out) {}

    @Override
    public String digest() {
      return merged.toString();
    }

    @Override
    public LearnerGauges gauges() {
      return new LearnerGauges(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public void close() {}
  }

  /** A subtask: lanes, and the rounds in which each of them has events. */
  private final class Subtask {
    private final Text text = new Text();
    private final TreeMap<Integer, TreeSet<Long>> events = new TreeMap<>();
    private final LaneRounds rounds;

    Subtask(int lanes, long next, Map<Integer, List<Long>> events) {
      events.forEach((lane, of) -> this.events.put(lane, new TreeSet<>(of)));
      rounds =
          new LaneRounds(
              text, new ListLog(0), lanes, new TreeSet<>(events.keySet()), next, PATIENCE);
      events.forEach((lane, of) -> of.forEach(round -> rounds.waits(lane, round)));
    }

    void advance(long complete) throws Exception {
      rounds.advance(complete, this::observe, metrics -> {});
    }

    private void observe(long round) {
      events.forEach(
          (lane, of) -> {
            while (!of.isEmpty() && of.first() <= round) {
              long met = of.pollFirst();
              text.met(lane, "e" + met);
              rounds.observed(lane, met);
            }
          });
    }

    void close() throws Exception {
      rounds.advance(LaneRounds.CLOSING, this::observe, metrics -> {});
      rounds.close(metrics -> {});
    }
  }

  private interface Work {
    void run(Subtask subtask) throws Exception;
  }

  private static void together(Work work, Subtask... subtasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(subtasks.length);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Subtask subtask : subtasks) {
        running.add(
            threads.submit(
                () -> {
                  work.run(subtask);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get(30, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void roundsAreMergedInOrderWhereverLanesAre() throws Exception {
    Subtask all =
        new Subtask(3, Long.MIN_VALUE, Map.of(0, List.of(2L, 7L), 1, List.of(7L), 2, List.of(90L)));
    all.close();
    String expected = "0:e2 | 0:e7 1:e7 | 2:e90 | 0:rest0 1:rest1 2:rest2 | ";
    assertThat(all.text.digest()).isEqualTo(expected);

    topic.clear();
    Subtask left = new Subtask(3, Long.MIN_VALUE, Map.of(0, List.of(2L, 7L)));
    Subtask right = new Subtask(3, Long.MIN_VALUE, Map.of(1, List.of(7L), 2, List.of(90L)));
    together(Subtask::close, left, right);
    assertThat(left.text.digest()).isEqualTo(expected);
    assertThat(right.text.digest()).isEqualTo(expected);
  }

  @Test
  void watermarksThatDifferInStepEndWithTheSameRoundsMerged() throws Exception {
    Subtask left = new Subtask(2, Long.MIN_VALUE, Map.of(0, List.of(1L, 5L)));
    Subtask right = new Subtask(2, Long.MIN_VALUE, Map.of(1, List.of(3L, 6L)));
    together(
        subtask -> {
          if (subtask == left) {
            subtask.advance(2);
            subtask.advance(4);
          }
          subtask.advance(6);
        },
        left,
        right);
    assertThat(left.text.digest())
        .isEqualTo("0:e1 | 1:e3 | 0:e5 | ")
        .isEqualTo(right.text.digest());
    assertThat(left.rounds.next()).isEqualTo(6).isEqualTo(right.rounds.next());
  }

  @Test
  void aRestartedSubtaskTellsAgainAndNobodyMergesTwice() throws Exception {
    Subtask left = new Subtask(2, Long.MIN_VALUE, Map.of(0, List.of(1L, 2L)));
    Subtask right = new Subtask(2, Long.MIN_VALUE, Map.of(1, List.of(1L, 3L)));
    together(subtask -> subtask.advance(4), left, right);
    String merged = left.text.digest();
    // Both go back to a checkpoint in which rounds below 2 were merged, and to another spread.
    Subtask again = new Subtask(2, 2, Map.of(0, List.of(2L), 1, List.of(3L)));
    again.advance(4);
    assertThat("0:e1 1:e1 | " + again.text.digest()).isEqualTo(merged);
  }

  @Test
  void whatALaneToldBeforeARestartCountsOverWhatItTellsNow() throws Exception {
    topic.add(new RoundRecord(0, 5, 6, "first".getBytes(StandardCharsets.UTF_8)));
    Subtask subtask = new Subtask(1, 5, Map.of(0, List.of(5L)));
    subtask.advance(6);
    assertThat(subtask.text.digest()).isEqualTo("0:first | ");
  }

  @Test
  void newsThatWaitAreToldInTheNextRoundThoughNoEventComes() throws Exception {
    Subtask subtask = new Subtask(1, 0, Map.of(0, List.of(1L)));
    subtask.advance(2);
    subtask.text.met(0, "weights");
    subtask.advance(9);
    assertThat(subtask.text.digest()).isEqualTo("0:e1 | 0:weights | ");
    assertThat(topic).extracting(RoundRecord::from).contains(2L);
  }

  @Test
  void aRoundWhoseEventsWereNotAllMetIsNotTold() {
    Subtask subtask = new Subtask(2, 0, Map.of(0, List.of(1L), 1, List.of(1L)));
    assertThatThrownBy(
            () ->
                subtask.rounds.advance(
                    2,
                    round -> {
                      // As when the task is cancelled between two timers.
                      subtask.text.met(0, "e1");
                      subtask.rounds.observed(0, 1);
                    },
                    metrics -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lane 1 has not met all events of round 1");
    assertThat(topic).noneMatch(record -> record.to() > 1);
  }

  @Test
  void aLaneThatStaysSilentIsNamed() {
    LaneRounds rounds =
        new LaneRounds(
            new Text(), new ListLog(0), 3, new TreeSet<>(List.of(0)), 0, Duration.ofMillis(50));
    assertThatThrownBy(() -> rounds.advance(5, round -> {}, metrics -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lanes 1, 2")
        .hasMessageContaining("task managers");
  }

  @Test
  void lostRecordsAreNoticed() {
    topic.add(new RoundRecord(1, 3, 4, new byte[0]));
    assertThatThrownBy(() -> new Subtask(2, 1, Map.of(0, List.of())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lane 1 tells of round 3")
        .hasMessageContaining("Resume from a newer checkpoint");
  }
}
