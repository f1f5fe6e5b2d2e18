package dev.millrace.connectors.types;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Prototype;
import dev.millrace.model.data.Recommendations;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Flink's types of all records; none of them needs Kryo. */
public final class RecordTypes {

  private static final RecordFormat<Interaction> INTERACTIONS =
      new RecordFormats.InteractionFormat();
  private static final RecordFormat<DeadLetter> DEAD_LETTERS = new RecordFormats.DeadLetterFormat();
  private static final RecordFormat<Embedding> EMBEDDINGS = new RecordFormats.EmbeddingFormat();
  private static final RecordFormat<Recommendations> RECOMMENDATIONS_LISTS =
      new RecordFormats.RecommendationsFormat();
  private static final RecordFormat<LearningMetrics> METRICS = new LearningMetricsFormat();
  private static final RecordFormat<Decoded<Interaction>> DECODED_INTERACTIONS =
      new DecodedFormat<>(INTERACTIONS, DEAD_LETTERS);

  private static final RecordFormat<ImageEvent> IMAGE_EVENTS = new ImageFormats.EventFormat();
  private static final RecordFormat<ImageEmbedding> IMAGE_VECTORS =
      new ImageFormats.EmbeddingFormat();
  private static final RecordFormat<Prototype> CENTRES = new ImageFormats.PrototypeFormat();
  private static final RecordFormat<Decoded<ImageEvent>> DECODED_IMAGES =
      new DecodedFormat<>(IMAGE_EVENTS, DEAD_LETTERS);

  private static final List<RecordFormat<?>> FORMATS =
      List.of(
          INTERACTIONS,
          DEAD_LETTERS,
          EMBEDDINGS,
          RECOMMENDATIONS_LISTS,
          METRICS,
          DECODED_INTERACTIONS,
          IMAGE_EVENTS,
          IMAGE_VECTORS,
          CENTRES,
          DECODED_IMAGES);

  public static final TypeInformation<Interaction> INTERACTION =
      new RecordTypeInformation<>(INTERACTIONS);
  public static final TypeInformation<DeadLetter> DEAD_LETTER =
      new RecordTypeInformation<>(DEAD_LETTERS);
  public static final TypeInformation<Embedding> EMBEDDING =
      new RecordTypeInformation<>(EMBEDDINGS);
  public static final TypeInformation<Recommendations> RECOMMENDATIONS =
      new RecordTypeInformation<>(RECOMMENDATIONS_LISTS);
  public static final TypeInformation<LearningMetrics> LEARNING_METRICS =
      new RecordTypeInformation<>(METRICS);
  public static final TypeInformation<Decoded<Interaction>> DECODED_INTERACTION =
      new RecordTypeInformation<>(DECODED_INTERACTIONS);

  public static final TypeInformation<ImageEvent> IMAGE_EVENT =
      new RecordTypeInformation<>(IMAGE_EVENTS);
  public static final TypeInformation<ImageEmbedding> IMAGE_EMBEDDING =
      new RecordTypeInformation<>(IMAGE_VECTORS);
  public static final TypeInformation<Prototype> PROTOTYPE = new RecordTypeInformation<>(CENTRES);
  public static final TypeInformation<Decoded<ImageEvent>> DECODED_IMAGE =
      new RecordTypeInformation<>(DECODED_IMAGES);

  private RecordTypes() {}

  /** The types, for whoever wants to check them all. */
  public static List<TypeInformation<?>> all() {
    return List.of(
        INTERACTION,
        DEAD_LETTER,
        EMBEDDING,
        RECOMMENDATIONS,
        LEARNING_METRICS,
        DECODED_INTERACTION,
        IMAGE_EVENT,
        IMAGE_EMBEDDING,
        PROTOTYPE,
        DECODED_IMAGE);
  }

  /** The format that a serialized form names. */
  static RecordFormat<?> format(String name) {
    return FORMATS.stream()
        .filter(format -> format.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no record format is named "
                        + name
                        + "; the savepoint may come from a newer Millrace. Known: "
                        + FORMATS.stream().map(RecordFormat::name).toList()));
  }
}
