package dev.millrace.job.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.connectors.codec.Decoded;
import dev.millrace.connectors.types.RecordTypes;
import dev.millrace.job.CountingImageLearner;
import dev.millrace.job.TestJobs;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.Prototype;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.learner.OnlineLearner;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wiring of the image stream on a Flink inside this JVM, with a learner that only counts. */
class ImageTopologyTest {

  private static final SourcePosition NOWHERE = new SourcePosition("images", 0, 0);

  @TempDir private Path directory;

  @Test
  void everythingThatALearnerMakesReachesItsSink() throws Exception {
    List<Decoded<ImageEvent>> stream = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      stream.add(Decoded.value(image(i, i % 10 == 3 ? CountingImageLearner.POISON : "")));
      if (i % 8 == 0) {
        stream.add(
            Decoded.deadLetter(new DeadLetter(null, new byte[] {1}, NOWHERE, "Broken", "no", 0)));
      }
    }
    JobConfig config =
        TestJobs.config(
            Map.of("job.streams", "images", "job.model-directory", directory.toString()));
    run(stream, config);

    List<ImageEmbedding> embeddings = Collected.of("embeddings");
    assertThat(embeddings).hasSize(36).extracting(ImageEmbedding::id).contains("image-0");
    List<Prototype> prototypes = Collected.of("prototypes");
    assertThat(prototypes).hasSize(36);
    List<DeadLetter> letters = Collected.of("dead-letters");
    assertThat(letters).extracting(DeadLetter::errorClass).filteredOn("Broken"::equals).hasSize(5);
    assertThat(letters)
        .extracting(DeadLetter::errorClass)
        .filteredOn("Collapse"::equals)
        .hasSize(4);
    List<LearningMetrics> metrics = Collected.of("metrics");
    LearningMetrics total =
        metrics.stream().filter(m -> MetricScopes.is("total", m)).findFirst().orElseThrow();
    assertThat(total.scope()).isEqualTo("images/lane-0/total");

    try (DataInputStream in =
            new DataInputStream(Files.newInputStream(directory.resolve("lane-0.model")));
        OnlineLearner<ImageEvent> model = new CountingImageLearner.Factory().restore(in)) {
      assertThat(model.digest()).isEqualTo(total.labels().get(MetricScopes.MODEL_DIGEST));
      assertThat(in.read()).as("the file ends where the learner does").isEqualTo(-1);
    }
    assertThat(directory.resolve("model.yaml")).content().contains("job.streams: \"images\"");
  }

  @Test
  void everyOperatorHasAUidOfItsOwn() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    wire(
        env,
        List.of(Decoded.value(image(0, ""))),
        TestJobs.config(Map.of("job.streams", "images")));
    assertThat(env.getStreamGraph().getStreamNodes())
        .filteredOn(node -> !node.getOperatorName().startsWith("Source"))
        .extracting(node -> String.valueOf(node.getTransformationUID()))
        .doesNotContain("null")
        .doesNotHaveDuplicates()
        .allMatch(uid -> uid.contains("image") || uid.startsWith("prototypes"));
  }

  private static ImageEvent image(int i, String label) {
    return new ImageEvent(
        "image-" + i,
        new Picture(1, 1, new byte[] {(byte) i, 0, 0}),
        TestJobs.START + i,
        "",
        label,
        new SourcePosition("images", 0, i),
        0);
  }

  private static void run(List<Decoded<ImageEvent>> stream, JobConfig config) throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(
            2, MillraceJob.flinkConfiguration(config));
    wire(env, stream, config);
    env.execute();
  }

  private static void wire(
      StreamExecutionEnvironment env, List<Decoded<ImageEvent>> stream, JobConfig config) {
    DataStream<Decoded<ImageEvent>> decoded =
        env.fromData(stream, RecordTypes.DECODED_IMAGE)
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Decoded<ImageEvent>>forMonotonousTimestamps()
                    .withTimestampAssigner(
                        (event, time) ->
                            event.isValue() ? event.value().eventTime() : Long.MIN_VALUE))
            .uid("image-watermarks");
    ImageTopology.wire(
        decoded,
        new ImageTopology.Sinks(
            new Collected<>("embeddings"),
            new Collected<>("prototypes"),
            new Collected<>("metrics"),
            new Collected<>("dead-letters")),
        LaneLearning.LearnFunctions.alone(new CountingImageLearner.Factory()),
        config);
  }

  /** Keeps what a sink of the local cluster takes. */
  private record Collected<T>(String name) implements Sink<T> {

    private static final Map<String, Queue<Object>> ALL = new ConcurrentHashMap<>();

    Collected {
      ALL.put(name, new ConcurrentLinkedQueue<>());
    }

    @SuppressWarnings("unchecked")
    static <T> List<T> of(String name) {
      return (List<T>) List.copyOf(ALL.get(name));
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
      String sink = name;
      return new SinkWriter<>() {
        @Override
        public void write(T element, Context at) {
          ALL.get(sink).add(element);
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {}

        @Override
        public void close() {}
      };
    }
  }
}
