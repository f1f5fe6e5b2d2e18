package dev.millrace.model.learner;

import dev.millrace.model.data.StreamEvent;
import dev.millrace.model.kernel.CanonicalState;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * All lanes of a stream on one copy of the model: what a job learns on many, in one process and
 * without a network.
 *
 * @param <E> kind of event
 */
public final class LanedLearner<E extends StreamEvent> implements OnlineLearner<E> {

  private final LaneReplica<E> replica;
  private final LaneLayout layout;
  private long round = Long.MIN_VALUE;
  private long latestTime = Long.MIN_VALUE;

  /** A learner that knows nothing yet. */
  public LanedLearner(LaneReplicaFactory<E> factory, LaneLayout layout) {
    this.replica = factory.create();
    this.layout = layout;
    for (int lane = 0; lane < layout.lanes(); lane++) {
      replica.open(lane);
    }
  }

  private LanedLearner(LaneReplica<E> replica, LaneLayout layout) {
    this.replica = replica;
    this.layout = layout;
  }

  /** The learner that wrote these bytes. */
  public static <E extends StreamEvent> LanedLearner<E> readFrom(
      LaneReplicaFactory<E> factory, LaneLayout layout, DataInput in) throws IOException {
    LanedLearner<E> learner = new LanedLearner<>(factory.restore(in), layout);
    learner.round = in.readLong();
    learner.latestTime = in.readLong();
    for (int lane = 0; lane < layout.lanes(); lane++) {
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      learner.replica.open(lane, new DataInputStream(new ByteArrayInputStream(bytes)));
    }
    return learner;
  }

  @Override
  public void observe(EventGroup<E> group, LearnerOutput output) {
    latestTime = Math.max(latestTime, group.eventTime());
    long next = layout.roundOf(latestTime);
    // What a lane learned from one round it tells in the next, whether that has events or not.
    while (round < next && anyNews()) {
      endRound(output);
      round++;
    }
    round = next;
    SortedMap<Integer, List<E>> byLane = new TreeMap<>();
    for (E event : group.events()) {
      byLane.computeIfAbsent(layout.laneOf(event.key()), lane -> new ArrayList<>()).add(event);
    }
    byLane.forEach(
        (lane, events) -> replica.observe(lane, new EventGroup<>(latestTime, events), output));
  }

  private boolean anyNews() {
    return IntStream.range(0, layout.lanes()).anyMatch(replica::hasNews);
  }

  private void endRound(LearnerOutput output) {
    SortedMap<Integer, byte[]> news = new TreeMap<>();
    for (int lane = 0; lane < layout.lanes(); lane++) {
      if (replica.hasNews(lane)) {
        news.put(lane, replica.news(lane));
      }
    }
    try {
      replica.merge(news, output);
    } catch (IOException e) {
      throw new UncheckedIOException("news of this process cannot be read", e);
    }
  }

  @Override
  public void finish(LearnerOutput output) {
    while (anyNews()) {
      endRound(output);
    }
    for (int lane = 0; lane < layout.lanes(); lane++) {
      replica.learnRest(lane);
    }
    endRound(output);
    replica.finish(output);
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    replica.writeSharedTo(out);
    out.writeLong(round);
    out.writeLong(latestTime);
    for (int lane = 0; lane < layout.lanes(); lane++) {
      int number = lane;
      byte[] bytes = CanonicalState.bytesOf(to -> replica.writeLaneTo(number, to));
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  @Override
  public String digest() {
    return replica.digest();
  }

  @Override
  public LearnerGauges gauges() {
    return replica.gauges();
  }

  @Override
  public void close() {
    replica.close();
  }
}
