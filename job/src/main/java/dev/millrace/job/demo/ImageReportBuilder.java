package dev.millrace.job.demo;

import dev.millrace.connectors.codec.DecodeException;
import dev.millrace.connectors.image.ImageDecoder;
import dev.millrace.connectors.kafka.ImageSource;
import dev.millrace.connectors.replay.ImageSet;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.metrics.MetricScopes;
import dev.millrace.job.report.ImageReport;
import dev.millrace.job.report.ImageReport.ContactRow;
import dev.millrace.job.report.ImageReport.MapPoint;
import dev.millrace.job.report.ImageReport.Thumbnail;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.LearningMetrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Makes the report of what a job wrote into its topics and of what its model makes of the set. */
final class ImageReportBuilder {

  private static final int SHEET_ROWS = 12;
  private static final int SHEET_COLUMNS = 11;
  private static final int MAP_POINTS = 1_200;

  private final JobConfig config;
  private final RunObserver observer;
  private final ImageEvaluation evaluation;

  ImageReportBuilder(JobConfig config, RunObserver observer, ImageEvaluation evaluation) {
    this.config = config;
    this.observer = observer;
    this.evaluation = evaluation;
  }

  /**
   * The report.
   *
   * @param facts what is worth knowing of the run beside the options
   * @param seconds from the first image sent to the end of the job
   * @param passes how often the set was sent
   * @param setSize images of a pass
   */
  ImageReport build(Map<String, Object> facts, double seconds, int passes, long setSize)
      throws IOException {
    LearningMetrics total = observer.total();
    Map<String, Double> arrivals = observer.arrivals();
    long views = Math.round(total.figures().get(MetricScopes.VIEWS));
    Map<String, Object> effective = new LinkedHashMap<>(facts);
    effective.putAll(config.effective());
    double[] usage = total.series().getOrDefault(MetricScopes.USAGE, new double[0]);
    return new ImageReport(
        new ImageReport.Images(
            Math.round(arrivals.get(MetricScopes.EVENTS)),
            observer.deadLetters(),
            Math.round(arrivals.get(MetricScopes.LATE)),
            passes,
            seconds,
            views,
            views / seconds,
            evaluation.knnTop1(),
            evaluation.queries(),
            prequential(total, passes, setSize),
            total.figures().get(MetricScopes.LOSS),
            total.figures().get(MetricScopes.LN_K),
            total.figures().get(MetricScopes.USAGE_ENTROPY),
            evaluation.nmiPrototypes(),
            evaluation.nmiKmeans(),
            total.labels().get(MetricScopes.MODEL_DIGEST),
            evaluation.seconds()),
        windows(),
        usage,
        events(),
        RunEnvironment.describe(),
        effective,
        contactSheet(usage),
        map());
  }

  /** In a second pass an image may meet its own earlier embedding; so only the first one counts. */
  private Double prequential(LearningMetrics total, int passes, long setSize) {
    if (passes == 1) {
      return total.figures().get(MetricScopes.KNN);
    }
    Double accuracy = null;
    for (RunObserver.Seen window : observer.windows()) {
      Map<String, Double> figures = window.metrics().figures();
      if (figures.get(MetricScopes.IMAGES) <= setSize) {
        accuracy = figures.get(MetricScopes.KNN);
      }
    }
    return accuracy;
  }

  private List<ImageReport.Window> windows() {
    Set<Double> ends = new HashSet<>();
    return observer.windows().stream()
        // At its end the stream closes a window that may have no image.
        .filter(seen -> ends.add(seen.metrics().figures().get(MetricScopes.IMAGES)))
        .map(
            seen -> {
              Map<String, Double> figures = seen.metrics().figures();
              return new ImageReport.Window(
                  Math.round(figures.get(MetricScopes.IMAGES)),
                  seen.metrics().eventTime(),
                  figures.get(MetricScopes.KNN_WINDOW),
                  figures.get(MetricScopes.LOSS),
                  figures.get(MetricScopes.CLUSTER_LOSS),
                  figures.get(MetricScopes.USAGE_ENTROPY));
            })
        .toList();
  }

  private List<ImageReport.Event> events() {
    return observer.events().stream()
        .map(
            event ->
                new ImageReport.Event(
                    event.labels().get(MetricScopes.EVENT_NAME),
                    event.eventTime(),
                    event.labels().getOrDefault(MetricScopes.EVENT_ADVICE, "")
                        + " "
                        + event.figures()))
        .toList();
  }

  /** Prototypes from the most to the least used, and of each the images that are surest of it. */
  private List<ContactRow> contactSheet(double[] usage) throws IOException {
    List<ContactRow> rows = new ArrayList<>();
    List<Integer> byUsage =
        IntStream.range(0, usage.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer k) -> -usage[k]))
            .toList();
    int shown = Math.min(SHEET_ROWS, byUsage.size());
    try (ImageSet images = ImageSet.open(evaluation.folder())) {
      for (int row = 0; row < shown; row++) {
        int prototype = byUsage.get(row * byUsage.size() / shown);
        List<Integer> nearest =
            IntStream.range(0, evaluation.streamed().size())
                .boxed()
                .filter(i -> share(i, prototype) > 0)
                .sorted(Comparator.comparingDouble((Integer i) -> -share(i, prototype)))
                .limit(SHEET_COLUMNS)
                .toList();
        List<Thumbnail> thumbnails = new ArrayList<>();
        for (int i : nearest) {
          thumbnails.add(thumbnail(images, i, prototype));
        }
        if (!thumbnails.isEmpty()) {
          rows.add(new ContactRow(prototype, usage[prototype], thumbnails));
        }
      }
    }
    return rows;
  }

  /** How much of an image a prototype has, 0 when it is not among the image's nearest. */
  private double share(int image, int prototype) {
    ImageEmbedding embedding = evaluation.streamed().get(image);
    for (int k = 0; k < embedding.clusters().length; k++) {
      if (embedding.clusters()[k] == prototype) {
        return embedding.assignment()[k];
      }
    }
    return 0;
  }

  private Thumbnail thumbnail(ImageSet images, int image, int prototype) throws IOException {
    ImageDecoder decoder = ImageSource.decoder(config.options());
    String id = evaluation.streamed().get(image).id();
    try {
      return new Thumbnail(
          Thumbnails.dataUri(decoder.read(images.content(id))),
          String.format(Locale.ROOT, "%s (%.2f)", id, share(image, prototype)));
    } catch (DecodeException e) {
      throw new IOException("the image " + id + " was changed while the demo ran", e);
    }
  }

  /** Every n-th image, so that all parts of the set are there. */
  private List<MapPoint> map() {
    int count = evaluation.streamed().size();
    int shown = Math.min(MAP_POINTS, count);
    return IntStream.range(0, shown)
        .map(i -> (int) ((long) i * count / shown))
        .mapToObj(
            i -> {
              ImageEmbedding image = evaluation.streamed().get(i);
              return new MapPoint(
                  image.id(), image.vector(), image.cluster(), evaluation.labels().get(i));
            })
        .toList();
  }
}
