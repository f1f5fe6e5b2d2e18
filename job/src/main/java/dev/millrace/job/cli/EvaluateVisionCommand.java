package dev.millrace.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.millrace.job.config.JobConfig;
import dev.millrace.job.config.LearnedStream;
import dev.millrace.job.topology.ModelFile;
import dev.millrace.model.learner.ImageEmbedder;
import dev.millrace.model.vision.VisionConfig;
import dev.millrace.model.vision.VisionDiagnostic;
import dev.millrace.model.vision.VisionReport;
import dev.millrace.model.vision.VisionTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace evaluate vision}. */
@Command(
    name = "vision",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares the image encoder of a model with human vision: nine tests of contrast detection,",
      "masking and matching, with raw pixels beside it. A rank correlation near 1 is human-like;",
      "the last test is an error, 0 is human-like."
    })
final class EvaluateVisionCommand implements Callable<Integer> {

  @Option(
      names = "--model",
      paramLabel = "FILE",
      required = true,
      description =
          "The lane-0.model, or of several lanes shared.model, that a job of images has left in"
              + " its job.model-directory, with model.yaml beside it.")
  private Path model;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the stimuli's noise. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--out", paramLabel = "FILE", description = "Writes the figures as JSON.")
  private Path out;

  @Override
  public Integer call() throws Exception {
    JobConfig config = ModelFile.configOf(model, LearnedStream.IMAGES);
    VisionConfig shown =
        VisionConfig.forSize(config.imageLearner().views().large().size()).withSeed(seed);
    VisionReport report;
    try (ImageEmbedder embedder = ModelFile.images(model, config)) {
      // It bears one call at a time.
      report = VisionDiagnostic.run(embedder::encode, shown);
    }
    print(report);
    if (out != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(out.toFile(), json(report));
    }
    return 0;
  }

  private static void print(VisionReport report) {
    System.out.printf("%-68s", "test");
    report.rows().forEach(row -> System.out.printf("%12s", row.encoder()));
    System.out.println();
    for (VisionTest test : VisionTest.values()) {
      System.out.printf("%-68s", test.description());
      for (VisionReport.Row row : report.rows()) {
        System.out.printf(Locale.ROOT, "%12.4f", row.figure(test).value());
      }
      System.out.println();
    }
  }

  private Map<String, Object> json(VisionReport report) {
    List<Map<String, Object>> tests = new ArrayList<>();
    for (VisionTest test : VisionTest.values()) {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("test", test.name().toLowerCase(Locale.ROOT));
      figures.put("description", test.description());
      figures.put("higher_is_better", test.higherIsBetter());
      for (VisionReport.Row row : report.rows()) {
        figures.put(row.encoder().replace(' ', '_'), figure(row.figure(test)));
      }
      tests.add(figures);
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("model", model.toString());
    root.put("size", report.config().size());
    root.put("pixels_per_degree", report.config().pixelsPerDegree());
    root.put("seed", report.config().seed());
    root.put("tests", tests);
    return root;
  }

  /** What has no value is null: JSON knows no NaN. */
  private static Map<String, Object> figure(VisionReport.Figure figure) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("value", Double.isNaN(figure.value()) ? null : figure.value());
    json.put("observations", figure.observations());
    json.put("distinct", figure.distinct());
    json.put("omitted", figure.omitted());
    return json;
  }
}
