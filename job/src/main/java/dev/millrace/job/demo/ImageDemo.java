package dev.millrace.job.demo;

import dev.millrace.connectors.kafka.KafkaSourceOptions;
import dev.millrace.connectors.replay.ImageOrder;
import dev.millrace.connectors.replay.ImageSet;
import dev.millrace.connectors.replay.Pace;
import dev.millrace.connectors.replay.Replay;
import dev.millrace.connectors.replay.ReplayOptions;
import dev.millrace.connectors.replay.ReplayProgress;
import dev.millrace.connectors.replay.ReplayResult;
import dev.millrace.connectors.replay.ReplaySource;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.JobOptions;
import dev.millrace.job.config.LearnedStream;
import dev.millrace.job.report.ImageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Images from a folder or a tar file.
 *
 * <p>Every pass sends all of them under the ids that they had before, at event times that go on
 * where the pass before ended. The order of a pass is drawn from the seed plus the number of the
 * pass, and the learner, which meets an image at another time, draws other views of it: ten passes
 * are ten different streams, and the same ten again in another run.
 *
 * @param set the folder or file; null for a set that is drawn, {@link GeneratedImages}
 * @param order in which images of a pass are sent
 * @param seed of the order
 * @param passes how often all are sent
 * @param limit images of a pass after which it ends
 * @param pace how fast they are sent
 */
public record ImageDemo(Path set, ImageOrder order, long seed, int passes, long limit, Pace pace)
    implements DemoStream<ImageReport> {

  private static final String MODEL = "model";
  private static final String DATA = "images";

  public ImageDemo {
    if (passes < 1) {
      throw new IllegalArgumentException("there is at least 1 pass, were " + passes);
    }
  }

  /** Several lanes get a round's length from the images' spacing, unless one was given. */
  @Override
  public void completeInPlace(Map<String, String> values, WorkDirectory work) {
    values.put(JobOptions.STREAMS.key(), LearnedStream.IMAGES.key());
    values.putIfAbsent(JobOptions.MODEL_DIRECTORY.key(), work.path(MODEL).toString());
    if (set == null) {
      GeneratedImages.options().forEach(values::putIfAbsent);
    }
    JobConfig config = JobConfig.of(values);
    if (config.lanes() > 1 && !values.containsKey(JobOptions.ROUND.key())) {
      Duration round =
          RoundLength.of(
              ReplaySource.Images.DEFAULT_SPACING,
              config.lanes(),
              config.imageLearner().training().batchImages());
      values.put(JobOptions.ROUND.key(), round.toMillis() + " ms");
    }
  }

  @Override
  public ReplayResult replay(
      JobConfig config, WorkDirectory work, Consumer<ReplayProgress> progress) throws Exception {
    Path folder = prepare(work);
    ReplaySource.Images images =
        ReplaySource.Images.of(folder).withPrefix(split(folder).streamed());
    Duration spacing = ReplaySource.Images.DEFAULT_SPACING;
    long read = 0;
    long sent = 0;
    long bytes = 0;
    ReplayResult last = null;
    for (int pass = 0; pass < passes; pass++) {
      long start = images.start() + sent * spacing.toMillis();
      int passed = pass;
      long sentBefore = sent;
      last =
          Replay.run(
              ReplayOptions.of(
                      images.withOrder(order, seed + pass).withTimes(start, spacing),
                      config.options().get(KafkaSourceOptions.BOOTSTRAP_SERVERS),
                      config.options().get(KafkaSourceOptions.IMAGES_TOPIC))
                  .withLimit(limit)
                  .withPace(pace),
              at -> progress.accept(ofAll(at, passed, sentBefore)));
      read += last.read();
      sent += last.sent();
      bytes += last.bytes();
    }
    return new ReplayResult(read, sent, bytes, last.skipped(), last.firstSkippedLines());
  }

  private ReplayProgress ofAll(ReplayProgress pass, int passed, long sentBefore) {
    return new ReplayProgress(
        pass.read(),
        sentBefore + pass.written(),
        pass.skipped(),
        pass.bytes(),
        (passed + pass.fraction()) / passes);
  }

  /** The set as a folder, which can be read again and again. */
  private Path prepare(WorkDirectory work) throws IOException {
    if (set != null && Files.isDirectory(set)) {
      return set;
    }
    Path folder = work.path(DATA);
    if (Files.isDirectory(folder)) {
      return folder;
    }
    if (set == null) {
      return GeneratedImages.write(folder);
    }
    try (ImageSet images = ImageSet.open(set)) {
      images.copyTo(folder);
    }
    return folder;
  }

  private static ImageSplit split(Path folder) throws IOException {
    try (ImageSet images = ImageSet.open(folder)) {
      return ImageSplit.of(images.paths());
    }
  }

  @Override
  public ImageReport report(
      JobConfig config, RunObserver observer, DemoRun run, Demo.Watcher watcher) throws Exception {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("data", set == null ? GeneratedImages.NAME : set.toString());
    facts.put("order", order.toString());
    facts.put("passes", passes);
    facts.put("pace", pace.toString());
    facts.put("partitions", run.partitions());
    Path folder = prepare(run.work());
    ImageEvaluation evaluation = ImageEvaluation.of(config, folder, split(folder), watcher);
    return new ImageReportBuilder(config, observer, evaluation)
        .build(facts, run.seconds(), passes, run.replayed().sent() / passes);
  }
}
