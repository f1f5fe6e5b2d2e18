package dev.millrace.job.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything that the {@code report.json} of a run over images holds.
 *
 * @param images the run's figures
 * @param windows figures over time, for the plots
 * @param prototypeUsage share of recent assignments of each prototype
 * @param events what the guards of the learner have reported
 * @param environment what the digest's promise holds for: build, processor, BLAS
 * @param config the effective configuration
 * @param contactSheet images nearest to some prototypes; only in the HTML report
 * @param map images for the map; only in the HTML report
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ImageReport(
    Images images,
    List<Window> windows,
    double[] prototypeUsage,
    List<Event> events,
    Map<String, String> environment,
    Map<String, Object> config,
    @JsonIgnore List<ContactRow> contactSheet,
    @JsonIgnore List<MapPoint> map) {

  /**
   * Figures of the run; null stands for what this run has none of.
   *
   * @param streamed images that reached the learner, all passes together
   * @param deadLetters records that could not be decoded, and images in quarantine
   * @param late images that came after their time was closed
   * @param passes how often the set was sent
   * @param wallSeconds from the first image sent to the end of the job
   * @param views encoder passes in training: crops of every image, replays included
   * @param viewsPerSecond views over wall seconds
   * @param knnTop1 share of the test images whose class the final model's neighbours among the
   *     train images name (cosine, 200 neighbours, weights exp(s / 0.1))
   * @param knnQueries test images classified
   * @param knnTop1Prequential share of the streamed images whose class the nearest embeddings seen
   *     before them named
   * @param loss training loss, exponentially averaged, at the end
   * @param lnK logarithm of the number of prototypes: the loss of knowing nothing
   * @param prototypeUsageEntropy entropy of the prototypes' usage in nats, at most {@code lnK}
   * @param nmiPrototypes normalised mutual information of the final prototypes' clusters of the
   *     train images with their classes
   * @param nmiKmeans the same of k-means with as many clusters on the same embeddings
   * @param modelDigest SHA-256 over the learner's canonical state
   * @param evaluationSeconds classification, clustering and map, after the job
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Images(
      long streamed,
      long deadLetters,
      long late,
      int passes,
      double wallSeconds,
      long views,
      double viewsPerSecond,
      Double knnTop1,
      long knnQueries,
      Double knnTop1Prequential,
      Double loss,
      Double lnK,
      Double prototypeUsageEntropy,
      Double nmiPrototypes,
      Double nmiKmeans,
      String modelDigest,
      double evaluationSeconds) {}

  /**
   * One window of the stream.
   *
   * @param images images seen by its end
   * @param eventTime event time of its end, in milliseconds since the epoch
   * @param knnTop1 prequential accuracy in the window
   * @param loss training loss
   * @param clusterLoss loss of predicting the prototypes, which ln K is compared with
   * @param prototypeUsageEntropy in nats
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Window(
      long images,
      long eventTime,
      Double knnTop1,
      Double loss,
      Double clusterLoss,
      Double prototypeUsageEntropy) {}

  /** Something that a guard of the learner did: a roll-back, a quarantine, a re-seeding. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Event(String name, long eventTime, String text) {}

  /**
   * A prototype and the images nearest to it.
   *
   * @param prototype its index
   * @param usage its share of recent assignments
   * @param nearest the nearest first
   */
  public record ContactRow(int prototype, double usage, List<Thumbnail> nearest) {}

  /** A small picture as a data URI, with what is shown when the pointer rests on it. */
  public record Thumbnail(String uri, String name) {}

  /** An image on the map. */
  public record MapPoint(String name, float[] vector, int cluster, String label) {}

  /** Writes {@code report.json} and {@code report.html} into a directory. */
  public void write(Path directory) throws IOException {
    ReportFiles.write(directory, this, ImageHtmlReport.render(this));
  }
}
