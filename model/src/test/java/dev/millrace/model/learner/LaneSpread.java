package dev.millrace.model.learner;

import dev.millrace.model.data.StreamEvent;
import dev.millrace.model.kernel.CanonicalState;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lanes spread over copies that tell each other their news, in lane order modulo copies. */
final class LaneSpread<E extends StreamEvent> {

  final List<LaneReplica<E>> copies = new ArrayList<>();
  private final LaneLayout layout;
  private final LearnerOutput output;
  private long round = Long.MIN_VALUE;

  LaneSpread(LaneReplicaFactory<E> factory, LaneLayout layout, int count, LearnerOutput output) {
    this.layout = layout;
    this.output = output;
    for (int copy = 0; copy < count; copy++) {
      copies.add(factory.create());
    }
    for (int lane = 0; lane < layout.lanes(); lane++) {
      copyOf(lane).open(lane);
    }
  }

  /** The same lanes in mid-stream on another number of copies. */
  LaneSpread(LaneReplicaFactory<E> factory, int count, LaneSpread<E> before) throws IOException {
    layout = before.layout;
    output = before.output;
    round = before.round;
    byte[] shared = CanonicalState.bytesOf(before.copies.get(0)::writeSharedTo);
    for (int copy = 0; copy < count; copy++) {
      copies.add(factory.restore(in(shared)));
    }
    for (int lane = 0; lane < layout.lanes(); lane++) {
      int number = lane;
      copyOf(lane)
          .open(
              lane,
              in(CanonicalState.bytesOf(out -> before.copyOf(number).writeLaneTo(number, out))));
    }
  }

  LaneReplica<E> copyOf(int lane) {
    return copies.get(lane % copies.size());
  }

  void observe(List<EventGroup<E>> groups) throws IOException {
    for (EventGroup<E> group : groups) {
      long next = layout.roundOf(group.eventTime());
      while (round < next && anyNews()) {
        endRound();
        round++;
      }
      round = next;
      Map<Integer, List<E>> byLane = new TreeMap<>();
      group
          .events()
          .forEach(
              event ->
                  byLane
                      .computeIfAbsent(layout.laneOf(event.key()), lane -> new ArrayList<>())
                      .add(event));
      byLane.forEach(
          (lane, events) ->
              copyOf(lane).observe(lane, new EventGroup<>(group.eventTime(), events), output));
    }
  }

  boolean anyNews() {
    boolean any = false;
    for (int lane = 0; lane < layout.lanes(); lane++) {
      any |= copyOf(lane).hasNews(lane);
    }
    return any;
  }

  private void endRound() throws IOException {
    SortedMap<Integer, byte[]> news = new TreeMap<>();
    for (int lane = 0; lane < layout.lanes(); lane++) {
      if (copyOf(lane).hasNews(lane)) {
        news.put(lane, copyOf(lane).news(lane));
      }
    }
    for (LaneReplica<E> copy : copies) {
      copy.merge(news, output);
    }
  }

  void finish() throws IOException {
    while (anyNews()) {
      endRound();
    }
    for (int lane = 0; lane < layout.lanes(); lane++) {
      copyOf(lane).learnRest(lane);
    }
    endRound();
    copies.forEach(copy -> copy.finish(output));
  }

  static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }
}
