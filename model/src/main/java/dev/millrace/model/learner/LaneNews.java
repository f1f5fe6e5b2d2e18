package dev.millrace.model.learner;

import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.eval.MetricsTable;
import dev.millrace.model.kernel.ArrayIO;
import dev.millrace.model.kernel.Texts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What one lane met and learned in one round. */
final class LaneNews {

  private static final int VERSION_1 = 1;

  /** In the order of event time, then of position. */
  final List<Interaction> events;

  /** How its baskets were ranked. */
  final MetricsTable ranked;

  /** What the ranker shall observe of each evaluated basket. */
  final List<double[]> moments;

  final ScoreDistribution scores;

  /** Mean losses of its new mini-batches. */
  final List<Double> losses;

  /** Optimisation steps, and new mini-batches among them. */
  final long steps;

  final long batches;

  /** The weights that it came to from those of the last round; null if it did not train. */
  final List<float[]> weights;

  LaneNews(
      List<Interaction> events,
      MetricsTable ranked,
      List<double[]> moments,
      ScoreDistribution scores,
      List<Double> losses,
      long steps,
      long batches,
      List<float[]> weights) {
    this.events = events;
    this.ranked = ranked;
    this.moments = moments;
    this.scores = scores;
    this.losses = losses;
    this.steps = steps;
    this.batches = batches;
    this.weights = weights;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeInt(events.size());
    for (Interaction event : events) {
      write(out, event);
    }
    ranked.write(out);
    out.writeInt(moments.size());
    for (double[] one : moments) {
      out.writeInt(one.length);
      ArrayIO.write(out, one, 0, one.length);
    }
    scores.writeTo(out);
    out.writeInt(losses.size());
    for (double loss : losses) {
      out.writeDouble(loss);
    }
    out.writeLong(steps);
    out.writeLong(batches);
    WeightBlocks.writeTo(out, weights);
  }

  static LaneNews readFrom(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException(
          "a lane's news of version "
              + version
              + "; this build reads 1: let all task managers run one build");
    }
    List<Interaction> events = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      events.add(readEvent(in));
    }
    MetricsTable ranked = MetricsTable.read(in);
    List<double[]> moments = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      double[] one = new double[in.readInt()];
      ArrayIO.read(in, one, 0, one.length);
      moments.add(one);
    }
    ScoreDistribution scores = new ScoreDistribution();
    scores.readFrom(in);
    List<Double> losses = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      losses.add(in.readDouble());
    }
    return new LaneNews(
        events,
        ranked,
        moments,
        scores,
        losses,
        in.readLong(),
        in.readLong(),
        WeightBlocks.readFrom(in));
  }

  /** All but when the process read it, which differs from run to run. */
  private static void write(DataOutput out, Interaction event) throws IOException {
    Texts.write(out, event.user());
    Texts.write(out, event.item());
    Texts.write(out, event.type());
    out.writeLong(event.eventTime());
    out.writeFloat(event.weight());
    Texts.write(out, event.category());
    Texts.write(out, event.position().topic());
    out.writeInt(event.position().partition());
    out.writeLong(event.position().offset());
  }

  private static Interaction readEvent(DataInput in) throws IOException {
    return new Interaction(
        Texts.read(in),
        Texts.read(in),
        Texts.read(in),
        in.readLong(),
        in.readFloat(),
        Texts.read(in),
        new SourcePosition(Texts.read(in), in.readInt(), in.readLong()),
        0);
  }
}
