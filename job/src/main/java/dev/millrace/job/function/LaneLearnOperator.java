package dev.millrace.job.function;

import dev.millrace.connectors.rounds.KafkaRoundLog;
import dev.millrace.connectors.rounds.RoundLogConfig;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.StreamEvent;
import dev.millrace.model.learner.EventGroup;
import dev.millrace.model.learner.LaneLayout;
import dev.millrace.model.learner.LaneReplica;
import dev.millrace.model.learner.LaneReplicaFactory;
import dev.millrace.model.learner.LearnerGauges;
import dev.millrace.model.learner.LearnerOutput;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.watermark.Watermark;

/**
 * Drives the lanes of a subtask, which learn one model together with those of all others, on one
 * copy of the model.
 *
 * <p>A watermark ends rounds ({@link LaneRounds}); in the round that is open events are scored and
 * published as the watermark passes their time. Checkpoint barriers meet all subtasks after the
 * same watermark, so that all copies in a checkpoint are equal and one of them is written.
 *
 * <p>State: that of {@link EventTimeOperator}; under each lane's key {@code lane}, counts and what
 * the lane has for itself; as union state {@code replica}, by the first subtask: run of the log,
 * first round that is not merged, positions in the log, and what all copies share.
 *
 * @param <E> kind of event
 */
public final class LaneLearnOperator<E extends StreamEvent> extends EventTimeOperator<E> {

  private static final long serialVersionUID = 1L;
  private static final int VERSION_1 = 1;
  static final String REPLICA_STATE = "replica";
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  // configuration
  private final LaneReplicaFactory<E> factory;
  private final LaneLayout layout;
  private final RoundLogConfig logConfig;
  private final int[] keys;

  // runtime
  private transient ListState<byte[]> laneChunks;
  private transient ListState<byte[]> replicaChunks;
  private transient LaneReplica<E> replica;
  private transient KafkaRoundLog log;
  private transient LaneRounds rounds;
  private transient String run;
  private transient TreeMap<Integer, LaneOutput> lanes;
  private transient boolean closed;
  private transient boolean restored;

  /**
   * An operator for all lanes of a subtask.
   *
   * @param factory makes the subtask's copy of the model
   * @param layout lanes and rounds
   * @param logConfig where lanes tell each other what they learned
   * @param keys key of each lane
   * @param laneOf number of the lane that has a key
   * @param eventType type of the events that wait in state
   * @param settings how it runs
   */
  public LaneLearnOperator(
      LaneReplicaFactory<E> factory,
      LaneLayout layout,
      RoundLogConfig logConfig,
      int[] keys,
      LaneNumbers laneOf,
      TypeInformation<E> eventType,
      LearnSettings settings) {
    super(laneOf, eventType, settings);
    this.factory = factory;
    this.layout = layout;
    this.logConfig = logConfig;
    this.keys = keys.clone();
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    laneChunks = context.getKeyedStateStore().getListState(chunks("lane"));
    replicaChunks = context.getOperatorStateStore().getUnionListState(chunks(REPLICA_STATE));
    restored = context.isRestored();
  }

  private static ListStateDescriptor<byte[]> chunks(String name) {
    return new ListStateDescriptor<>(name, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
  }

  @Override
  public void open() throws Exception {
    super.open();
    lanes = new TreeMap<>();
    factory.warmUp(settings.warmUp());
    List<byte[]> stored = read(replicaChunks);
    long next = Long.MIN_VALUE;
    if (restored && stored.isEmpty()) {
      throw new IllegalStateException(
          "the state was written by a job of one lane and cannot go on with "
              + layout.lanes()
              + ": restore it with job.lanes 1, or start without its state");
    }
    if (stored.isEmpty()) {
      run = logConfig.run();
      replica = factory.create();
      log = KafkaRoundLog.begin(logConfig);
    } else {
      DataInputStream in = ChunkedBytes.reader(stored);
      requireVersion(in.readInt());
      run = in.readUTF();
      next = in.readLong();
      Map<Integer, Long> positions = new TreeMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        positions.put(in.readInt(), in.readLong());
      }
      replica = factory.restore(in);
      log = KafkaRoundLog.resume(logConfig.withRun(run), positions);
    }
    openLanes();
    rounds = new LaneRounds(replica, log, layout.lanes(), lanes.navigableKeySet(), next, PATIENCE);
    for (int lane : lanes.keySet()) {
      setCurrentKey(keys[lane]);
      for (long time : waiting.keys()) {
        rounds.waits(lane, layout.roundOf(time));
      }
    }
    scheduleProgress();
  }

  private void openLanes() throws Exception {
    KeyGroupRange groups =
        KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
            getRuntimeContext().getTaskInfo().getMaxNumberOfParallelSubtasks(),
            getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks(),
            subtask());
    for (int lane = 0; lane < keys.length; lane++) {
      int group =
          KeyGroupRangeAssignment.assignToKeyGroup(
              keys[lane], getRuntimeContext().getTaskInfo().getMaxNumberOfParallelSubtasks());
      if (groups.contains(group)) {
        lanes.put(lane, new LaneOutput(outputsOf(lane), openLane(lane)));
      }
    }
  }

  private LaneCounts openLane(int lane) throws Exception {
    setCurrentKey(keys[lane]);
    List<byte[]> stored = read(laneChunks);
    if (stored.isEmpty()) {
      replica.open(lane);
      return new LaneCounts();
    }
    DataInputStream in = ChunkedBytes.reader(stored);
    requireVersion(in.readInt());
    LaneCounts counts = LaneCounts.readFrom(in);
    replica.open(lane, in);
    return counts;
  }

  private static List<byte[]> read(ListState<byte[]> state) throws Exception {
    List<byte[]> chunks = new ArrayList<>();
    state.get().forEach(chunks::add);
    return chunks;
  }

  private static void requireVersion(int version) throws IOException {
    if (version != VERSION_1) {
      throw new IOException(
          "lane state of version "
              + version
              + " cannot be read by this build, which knows version "
              + VERSION_1
              + ": restore it with the build that wrote it");
    }
  }

  private int lane() {
    return laneOf.applyAsInt((Integer) getCurrentKey());
  }

  @Override
  LaneCounts counts() {
    return lanes.get(lane()).counts();
  }

  @Override
  void observe(EventGroup<E> group) {
    int lane = lane();
    replica.observe(lane, group, lanes.get(lane).outputs());
  }

  @Override
  void waits(long eventTime) {
    rounds.waits(lane(), layout.roundOf(eventTime));
  }

  @Override
  void observed(long eventTime) {
    rounds.observed(lane(), layout.roundOf(eventTime));
  }

  @Override
  Collection<LaneOutput> laneOutputs() {
    return lanes.values();
  }

  @Override
  LearnerGauges currentGauges(LearnerGauges otherwise) {
    return replica.gauges();
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (!lanes.isEmpty()) {
      boolean last = mark.getTimestamp() == Watermark.MAX_WATERMARK.getTimestamp();
      long complete = last ? LaneRounds.CLOSING : layout.roundOf(mark.getTimestamp() + 1);
      rounds.advance(complete, this::observeThrough, outputs());
      if (last && !closed) {
        closed = true;
        rounds.close(outputs());
      }
      updateGauges();
    }
    super.processWatermark(mark);
  }

  /** Fires the timers of a round's events, and of those before it; some, if this is cancelled. */
  private void observeThrough(long round) throws Exception {
    long end = (round + 1) * layout.roundMillis() - 1;
    getTimeServiceManager().orElseThrow().advanceWatermark(new Watermark(end));
  }

  /** Where the merged model's outputs go: by way of the first lane here. */
  private LearnerOutput outputs() {
    return lanes.firstEntry().getValue().outputs();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    long bytes = 0;
    for (var lane : lanes.entrySet()) {
      setCurrentKey(keys[lane.getKey()]);
      ChunkedBytes chunks = new ChunkedBytes();
      DataOutputStream out = new DataOutputStream(chunks);
      out.writeInt(VERSION_1);
      lane.getValue().counts().writeTo(out);
      replica.writeLaneTo(lane.getKey(), out);
      bytes += update(laneChunks, chunks);
    }
    if (subtask() == 0) {
      bytes += update(replicaChunks, shared());
    } else {
      replicaChunks.clear();
    }
    metrics.stateBytes(bytes);
    super.snapshotState(context);
  }

  private ChunkedBytes shared() throws IOException {
    ChunkedBytes chunks = new ChunkedBytes();
    DataOutputStream out = new DataOutputStream(chunks);
    out.writeInt(VERSION_1);
    out.writeUTF(run);
    out.writeLong(rounds.next());
    Map<Integer, Long> positions = rounds.positions();
    out.writeInt(positions.size());
    for (var position : positions.entrySet()) {
      out.writeInt(position.getKey());
      out.writeLong(position.getValue());
    }
    replica.writeSharedTo(out);
    return chunks;
  }

  private static long update(ListState<byte[]> state, ChunkedBytes written) throws Exception {
    List<byte[]> chunks = written.chunks();
    state.update(chunks);
    return chunks.stream().mapToLong(chunk -> chunk.length).sum();
  }

  @Override
  public void finish() throws Exception {
    if (!lanes.isEmpty()) {
      replica.finish(outputs());
      reportArrivals(MetricScopes.ARRIVALS);
      if (settings.models() != null && lanes.containsKey(0)) {
        settings.models().writeOptions();
        settings.models().writeShared(replica);
      }
      updateGauges();
    }
    super.finish();
  }

  @Override
  public void close() throws Exception {
    if (log != null) {
      log.close();
    }
    if (replica != null) {
      replica.close();
    }
    super.close();
  }
}
