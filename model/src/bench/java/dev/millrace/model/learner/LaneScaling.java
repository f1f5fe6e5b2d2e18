package dev.millrace.model.learner;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a round costs a subtask that has one lane, by the number of all lanes and the rows of the
 * item table, and what that says of a cluster with a task manager for each lane.
 *
 * <p>A lane meets {@link #BASKETS} baskets in a round. The news of the other lanes are those of one,
 * with users of their own. Measured, as medians: scoring and publishing; writing the news; merging
 * the news of L lanes; training. Then
 *
 * <pre>
 *   round(L) = observe + write + merge(L) + train + (L - 1) bytes / network
 *   throughput(L) = L events / round(L)
 * </pre>
 *
 * <p>The network is not measured but assumed, {@link #NETWORK} bytes a second into each task
 * manager, and what Kafka takes to hand the news on is left out.
 */
public final class LaneScaling {

  private static final int BASKETS = 16;
  private static final int BASKET_ITEMS = 20;
  private static final int REPEATS = 5;
  private static final int[] LANES = {1, 2, 4, 8, 16, 32, 64};

  /** 10 Gbit/s. */
  private static final double NETWORK = 1.25e9;

  /** News of all lanes are in memory at once, as bytes and as numbers. */
  private static final long MOST_NEWS = Runtime.getRuntime().maxMemory() * 2 / 5;

  private static final LearnerOutput NOWHERE =
      new LearnerOutput() {
        @Override
        public void metrics(LearningMetrics metrics) {}
      };

  private final SequenceReplica replica;
  private final int rows;
  private final SeededRandom random = new SeededRandom(7);
  private long time = 1_000_000_000_000L;
  private long offset;

  private LaneScaling(int rows) {
    SequenceLearnerConfig standard = SequenceLearnerConfig.standard(7);
    SequenceLearnerConfig config =
        Streams.withTable(
            standard, rows, standard.model().admitAfter(), standard.model().expireAfterMillis());
    this.rows = rows;
    LaneLayout layout = new LaneLayout(LANES[LANES.length - 1] + 1, 3_600_000, 1);
    replica = new SequenceReplica(config, layout, new CpuKernels());
    replica.open(0);
  }

  /** Prints the tables for some numbers of rows. */
  public static void print(PrintStream out, int... tables) throws IOException {
    out.printf(
        "%nrounds of %d baskets of %d items a lane, ms a round and lane%n%-10s %6s %10s %9s %8s"
            + " %9s %9s %9s %11s %13s%n",
        BASKETS,
        BASKET_ITEMS,
        "rows",
        "lanes",
        "news MB",
        "observe",
        "write",
        "merge",
        "train",
        "network",
        "round",
        "events/s");
    for (int rows : tables) {
      LaneScaling scaling = new LaneScaling(rows);
      scaling.fill();
      for (int lanes : LANES) {
        scaling.line(out, lanes);
      }
      scaling.replica.close();
    }
  }

  /** Gives every row an item, by news in which a few others meet them all. */
  private void fill() throws IOException {
    int baskets = 2_000;
    for (int from = 0; from < rows; from += baskets * BASKET_ITEMS) {
      List<Interaction> events = new ArrayList<>();
      for (int i = from; i < Math.min(rows, from + baskets * BASKET_ITEMS); i++) {
        if (i % BASKET_ITEMS == 0) {
          time += 1_000;
        }
        events.add(event("filler" + i / BASKET_ITEMS, i));
      }
      replica.merge(new TreeMap<>(Map.of(1, renamed(replica.news(0), events))), NOWHERE);
    }
  }

  private Interaction event(String user, int item) {
    return new Interaction(
        user,
        "item" + item,
        "buy",
        time,
        1,
        "",
        new SourcePosition("interactions", 0, offset++),
        0);
  }

  /** The same news with other events. */
  private static byte[] renamed(byte[] news, List<Interaction> events) throws IOException {
    LaneNews read = LaneNews.readFrom(new DataInputStream(new ByteArrayInputStream(news)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(news.length + 100 * events.size());
    new LaneNews(
            events,
            read.ranked,
            read.moments,
            read.scores,
            read.losses,
            read.steps,
            read.batches,
            read.weights)
        .writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private void line(PrintStream out, int lanes) throws IOException {
    double[] observe = new double[REPEATS];
    double[] write = new double[REPEATS];
    double[] merge = new double[REPEATS];
    double[] train = new double[REPEATS];
    int bytes = 0;
    for (int r = -1; r < REPEATS; r++) {
      int at = Math.max(r, 0);
      List<List<Interaction>> baskets = baskets();
      long start = System.nanoTime();
      for (List<Interaction> basket : baskets) {
        replica.observe(0, new EventGroup<>(basket.get(0).eventTime(), basket), NOWHERE);
      }
      observe[at] = since(start);
      start = System.nanoTime();
      byte[] own = replica.news(0);
      write[at] = since(start);
      bytes = own.length;
      if ((long) bytes * lanes > MOST_NEWS) {
        out.printf(
            Locale.ROOT, "%-,10d %6d %10.1f  more news than fit%n", rows, lanes, bytes / 1e6);
        replica.merge(new TreeMap<>(Map.of(0, own)), NOWHERE);
        return;
      }
      SortedMap<Integer, byte[]> others = new TreeMap<>();
      for (int lane = 1; lane <= lanes; lane++) {
        others.put(lane, others(own, lane, baskets));
      }
      // The own events alone are trained on: they come in a round of their own.
      start = System.nanoTime();
      replica.merge(others, NOWHERE);
      merge[at] = since(start);
      start = System.nanoTime();
      replica.merge(new TreeMap<>(Map.of(0, own)), NOWHERE);
      train[at] = since(start) - merge[at] / lanes;
    }
    double network = (lanes - 1) * (double) bytes / NETWORK * 1e3;
    double round = median(observe) + median(write) + median(merge) + median(train) + network;
    out.printf(
        Locale.ROOT,
        "%-,10d %6d %10.1f %9.1f %8.1f %9.1f %9.1f %9.1f %11.1f %,13.0f%n",
        rows,
        lanes,
        bytes / 1e6,
        median(observe),
        median(write),
        median(merge),
        median(train),
        network,
        round,
        1e3 * lanes * BASKETS * BASKET_ITEMS / round);
  }

  private byte[] others(byte[] own, int lane, List<List<Interaction>> baskets) throws IOException {
    List<Interaction> events = new ArrayList<>();
    for (List<Interaction> basket : baskets) {
      for (Interaction e : basket) {
        events.add(
            new Interaction(
                e.user() + "@" + lane,
                e.item(),
                e.type(),
                e.eventTime(),
                e.weight(),
                e.category(),
                e.position(),
                0));
      }
    }
    return renamed(own, events);
  }

  private List<List<Interaction>> baskets() {
    List<List<Interaction>> baskets = new ArrayList<>();
    for (int b = 0; b < BASKETS; b++) {
      time += 60_000;
      List<Interaction> basket = new ArrayList<>();
      for (int i = 0; i < BASKET_ITEMS; i++) {
        basket.add(event("user" + random.nextInt(4_000), random.nextInt(rows)));
      }
      String user = basket.get(0).user();
      baskets.add(
          basket.stream()
              .map(
                  e ->
                      new Interaction(
                          user, e.item(), e.type(), e.eventTime(), 1, "", e.position(), 0))
              .toList());
    }
    return baskets;
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private static double median(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
