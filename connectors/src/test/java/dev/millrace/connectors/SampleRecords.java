package dev.millrace.connectors;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.Prototype;
import dev.millrace.model.data.Recommendations;
import dev.millrace.model.data.Recommendations.ScoredItem;
import dev.millrace.model.data.SourcePosition;
import java.util.List;
import java.util.Map;

/** Records with every field set, some with values at the edge of what is allowed. */
public final class SampleRecords {

  /** Longer than the 65,535 bytes of writeUTF, and beyond ASCII. */
  public static final String LONG_ID = "é😀x".repeat(20_000);

  public static final SourcePosition POSITION = new SourcePosition("interactions", 3, 1L << 40);
  public static final long TIME = 1_291_191_960_000L;

  public static final Interaction INTERACTION =
      new Interaction("ada", "85123A", "purchase", TIME, 2.5f, "lamps", POSITION, TIME + 7);
  public static final Embedding EMBEDDING =
      Embedding.of(
          Embedding.Kind.ITEM,
          "85123A",
          new float[] {0.1f, -0f, Float.MIN_VALUE, 1 / 3f, -1e-20f, 16777216f},
          12,
          TIME,
          POSITION);
  public static final Embedding TOMBSTONE =
      Embedding.tombstone(Embedding.Kind.USER, "ada", 13, TIME, POSITION);
  public static final Recommendations RECOMMENDATIONS =
      new Recommendations(
          "ada",
          List.of(new ScoredItem("85123A", 1.1f), new ScoredItem("22423", -0.25f)),
          12,
          TIME,
          POSITION);
  public static final LearningMetrics METRICS =
      new LearningMetrics(
          "lane-0/window",
          TIME,
          Map.of("all/model/recall_at_20", 0.1379, "loss", Double.NaN, "a", 1e300),
          Map.of(
              "positives", new double[] {1, 0.1, Double.NEGATIVE_INFINITY}, "none", new double[0]),
          Map.of("digest", "abc", "é", ""));
  public static final DeadLetter DEAD_LETTER =
      new DeadLetter(
          new byte[] {0, -1, 127},
          new byte[] {'{', (byte) 0xC0, 0},
          POSITION,
          "InvalidUtf8",
          "byte 0xC0 at index 1 is not UTF-8",
          TIME);
  public static final DeadLetter DEAD_TOMBSTONE =
      new DeadLetter(null, null, POSITION, "Tombstone", "no value", TIME);

  public static final ImageEvent IMAGE =
      new ImageEvent(
          "train/cat/é.jpg",
          new Picture(2, 1, new byte[] {0, -1, 127, -128, 1, 2}),
          TIME,
          "85123A",
          "cat",
          POSITION,
          TIME + 7);
  public static final ImageEmbedding IMAGE_EMBEDDING =
      new ImageEmbedding(
          "train/cat/é.jpg",
          new float[] {0.6f, -0.8f, Float.MIN_VALUE},
          1 / 3.0,
          new int[] {7, 0, Integer.MAX_VALUE},
          new float[] {0.5f, 0.25f, 1e-20f},
          12,
          TIME,
          POSITION);
  public static final ImageEmbedding IMAGE_WITHOUT_CLUSTER =
      new ImageEmbedding("a", new float[0], 0, new int[0], new float[0], 0, -1, POSITION);
  public static final Prototype PROTOTYPE =
      new Prototype(99, new float[] {1, -0f, 1 / 3f}, 0.01, 12, TIME, POSITION);

  private SampleRecords() {}

  public static Decoded<Interaction> value(long eventTime) {
    return Decoded.value(new Interaction("u", "i", "", eventTime, 1, "", POSITION, 0));
  }
}
