package dev.millrace.connectors.codec;

import static dev.millrace.connectors.SampleRecords.DEAD_LETTER;
import static dev.millrace.connectors.SampleRecords.DEAD_TOMBSTONE;
import static dev.millrace.connectors.SampleRecords.EMBEDDING;
import static dev.millrace.connectors.SampleRecords.IMAGE_EMBEDDING;
import static dev.millrace.connectors.SampleRecords.IMAGE_WITHOUT_CLUSTER;
import static dev.millrace.connectors.SampleRecords.METRICS;
import static dev.millrace.connectors.SampleRecords.POSITION;
import static dev.millrace.connectors.SampleRecords.PROTOTYPE;
import static dev.millrace.connectors.SampleRecords.RECOMMENDATIONS;
import static dev.millrace.connectors.SampleRecords.TIME;
import static dev.millrace.connectors.SampleRecords.TOMBSTONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.Embedding;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OutputCodecsTest {

  @Test
  void everyRecordReadsBackEqual() throws DecodeException {
    assertThat(EmbeddingJsonCodec.decode(EmbeddingJsonCodec.encode(EMBEDDING)))
        .isEqualTo(EMBEDDING);
    assertThat(RecommendationsJsonCodec.decode(RecommendationsJsonCodec.encode(RECOMMENDATIONS)))
        .isEqualTo(RECOMMENDATIONS);
    assertThat(LearningMetricsJsonCodec.decode(LearningMetricsJsonCodec.encode(METRICS)))
        .isEqualTo(METRICS);
    assertThat(ImageEmbeddingJsonCodec.decode(ImageEmbeddingJsonCodec.encode(IMAGE_EMBEDDING)))
        .isEqualTo(IMAGE_EMBEDDING);
    assertThat(
            ImageEmbeddingJsonCodec.decode(ImageEmbeddingJsonCodec.encode(IMAGE_WITHOUT_CLUSTER)))
        .isEqualTo(IMAGE_WITHOUT_CLUSTER);
    assertThat(PrototypeJsonCodec.decode(PrototypeJsonCodec.encode(PROTOTYPE)))
        .isEqualTo(PROTOTYPE);
    assertThat(DeadLetterJsonCodec.decode(DeadLetterJsonCodec.encode(DEAD_LETTER)))
        .isEqualTo(DEAD_LETTER);
    assertThat(DeadLetterJsonCodec.decode(DeadLetterJsonCodec.encode(DEAD_TOMBSTONE)))
        .isEqualTo(DEAD_TOMBSTONE);
  }

  @Test
  void theBytesAreTheseAndNoOthers() {
    Embedding embedding =
        Embedding.of(Embedding.Kind.USER, "ada", new float[] {0.6f, -0.8f}, 12, TIME, POSITION);

    assertThat(new String(EmbeddingJsonCodec.encode(embedding), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"kind\":\"user\",\"id\":\"ada\",\"vector\":[0.6,-0.8],\"norm\":"
                + embedding.norm()
                + ",\"version\":12,\"time\":1291191960000,\"source\":{\"topic\":\"interactions\","
                + "\"partition\":3,\"offset\":1099511627776}}");
    assertThat(new String(DeadLetterJsonCodec.encode(DEAD_LETTER), StandardCharsets.UTF_8))
        .endsWith("\"time\":1291191960000,\"key\":\"AP9/\",\"value\":\"e8AA\"}");
    assertThat(new String(LearningMetricsJsonCodec.encode(METRICS), StandardCharsets.UTF_8))
        .contains("\"figures\":{\"a\":1.0E300,\"all/model/recall_at_20\":0.1379,\"loss\":\"NaN\"}");
  }

  @Test
  void imagesAndPrototypesAreTheseBytes() {
    assertThat(new String(ImageEmbeddingJsonCodec.encode(IMAGE_EMBEDDING), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"id\":\"train/cat/é.jpg\",\"vector\":[0.6,-0.8,1.4E-45],"
                + "\"norm\":0.3333333333333333,\"cluster\":7,\"clusters\":[7,0,2147483647],"
                + "\"assignment\":[0.5,0.25,1.0E-20],\"version\":12,\"time\":1291191960000,"
                + "\"source\":{\"topic\":\"interactions\",\"partition\":3,"
                + "\"offset\":1099511627776}}");
    assertThat(new String(PrototypeJsonCodec.encode(PROTOTYPE), StandardCharsets.UTF_8))
        .startsWith(
            "{\"index\":99,\"vector\":[1.0,-0.0,0.33333334],\"usage\":0.01,\"version\":12,");
  }

  @Test
  void clustersWithoutAssignmentsAreAFault() {
    String json =
        "{\"id\":\"a\",\"vector\":[],\"norm\":0,\"clusters\":[1],\"assignment\":[],"
            + "\"version\":1,\"time\":1,\"source\":{\"topic\":\"t\",\"partition\":0,\"offset\":0}}";

    assertThatThrownBy(() -> ImageEmbeddingJsonCodec.decode(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("1 clusters have 0 assignments");
  }

  @Test
  void floatsRoundTripToTheBit() throws DecodeException {
    Random random = new Random(4);
    float[] vector = new float[50_000];
    for (int i = 0; i < vector.length; ) {
      float candidate = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(candidate)) {
        vector[i++] = candidate;
      }
    }
    Embedding embedding = new Embedding(Embedding.Kind.ITEM, "i", vector, 0, 1, TIME, POSITION);

    assertThat(EmbeddingJsonCodec.decode(EmbeddingJsonCodec.encode(embedding)).vector())
        .isEqualTo(vector);
  }

  @Test
  void floatsAreShortestDecimals() {
    // Before version 19 the JDK writes 2.0E-3 as 0.0020 and some powers of two too long.
    float[] vector = {0.1f, 5.684342E-14f, 1E10f};
    Embedding embedding = new Embedding(Embedding.Kind.ITEM, "i", vector, 0, 1, TIME, POSITION);

    assertThat(new String(EmbeddingJsonCodec.encode(embedding), StandardCharsets.UTF_8))
        .contains("[0.1,5.684342E-14,1.0E10]");
  }

  @Test
  void aTombstoneHasNoValue() {
    assertThat(EmbeddingJsonCodec.encode(TOMBSTONE)).isNull();
  }

  @Test
  void aVectorThatIsNotFiniteIsRefusedByName() {
    Embedding diverged =
        Embedding.of(Embedding.Kind.ITEM, "lamp", new float[] {Float.NaN}, 1, TIME, POSITION);

    assertThatThrownBy(() -> EmbeddingJsonCodec.encode(diverged))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the vector of ITEM lamp holds NaN");
  }

  @Test
  void halfASurrogatePairInAMessageDoesNotStopADeadLetter() throws DecodeException {
    DeadLetter letter = new DeadLetter(null, null, POSITION, "MalformedJson", "x\ud800y😀", TIME);

    assertThat(DeadLetterJsonCodec.decode(DeadLetterJsonCodec.encode(letter)).errorMessage())
        .isEqualTo("x\ufffdy😀");
  }

  @Test
  void mutatedOutputsAreReadOrHaveAFault() {
    Random random = new Random(5);
    byte[][] seeds = {
      EmbeddingJsonCodec.encode(EMBEDDING),
      RecommendationsJsonCodec.encode(RECOMMENDATIONS),
      LearningMetricsJsonCodec.encode(METRICS),
      DeadLetterJsonCodec.encode(DEAD_LETTER),
      ImageEmbeddingJsonCodec.encode(IMAGE_EMBEDDING),
      PrototypeJsonCodec.encode(PROTOTYPE)
    };
    int faults = 0;
    for (int i = 0; i < 40_000; i++) {
      byte[] bytes = seeds[i % seeds.length].clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) (' ' + random.nextInt(95));
      }
      try {
        switch (i % seeds.length) {
          case 0 -> EmbeddingJsonCodec.decode(bytes);
          case 1 -> RecommendationsJsonCodec.decode(bytes);
          case 2 -> LearningMetricsJsonCodec.decode(bytes);
          case 3 -> DeadLetterJsonCodec.decode(bytes);
          case 4 -> ImageEmbeddingJsonCodec.decode(bytes);
          default -> PrototypeJsonCodec.decode(bytes);
        }
      } catch (DecodeException e) {
        faults++;
      }
    }
    assertThat(faults).isBetween(1, 39_999);
  }
}
