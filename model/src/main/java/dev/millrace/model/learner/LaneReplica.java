package dev.millrace.model.learner;

import dev.millrace.model.data.StreamEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.SortedMap;

/**
 * A copy of one model that lanes learn side by side, round by round.
 *
 * <p>A copy has two kinds of state. What all copies share (weights, counts, metrics) changes in
 * {@link #merge} alone, by the news of all lanes in the order of their numbers: so all copies are
 * equal after each round, bit for bit, wherever a lane is at work. What a lane has for itself
 * (draws, moments, baskets that wait) is with the copy that the lane is open on.
 *
 * <p>In a round a lane's events are scored and published by the model as it was after the last
 * round; they reach counts and weights with the round's end. Not thread safe.
 *
 * @param <E> kind of event
 */
public interface LaneReplica<E extends StreamEvent> extends AutoCloseable {

  /** Opens a lane that knows nothing yet. */
  void open(int lane);

  /**
   * Opens a lane as {@link #writeLaneTo} wrote it, on a copy that shares the state of that moment.
   */
  void open(int lane, DataInput in) throws IOException;

  /**
   * Scores and publishes the events of one time, and keeps them for the round's news. Groups of a
   * lane come in the order of event time.
   */
  void observe(int lane, EventGroup<E> group, LearnerOutput output);

  /** Whether a lane has anything to tell: events, or weights that it came to. */
  boolean hasNews(int lane);

  /** Ends a lane's round: what it met and what it learned, as bytes for {@link #merge}. */
  byte[] news(int lane);

  /** Learns from what waits for a full mini-batch: the lane's stream ends. */
  void learnRest(int lane);

  /**
   * Ends a round everywhere: takes in the news of the lanes, learns, and publishes what has
   * changed. An item is published by one lane, and windows of the metrics by lane 0.
   *
   * @param newsByLane news of the lanes that had any
   * @throws IOException if news are of another version or configuration
   */
  void merge(SortedMap<Integer, byte[]> newsByLane, LearnerOutput output) throws IOException;

  /** Reports the totals, by lane 0: the stream ends. */
  void finish(LearnerOutput output);

  /** Writes what all copies share. The bytes are canonical: equal states, equal bytes. */
  void writeSharedTo(DataOutput out) throws IOException;

  /** Writes what a lane has for itself. */
  void writeLaneTo(int lane, DataOutput out) throws IOException;

  /** SHA-256 over what all copies share, in hexadecimal. */
  String digest();

  /** Figures for a metric system. */
  LearnerGauges gauges();

  /** Releases threads and native memory. */
  @Override
  void close();
}
