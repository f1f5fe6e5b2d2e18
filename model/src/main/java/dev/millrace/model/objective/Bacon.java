package dev.millrace.model.objective;

import static dev.millrace.model.objective.Signature.Kind.CONSTANT;
import static dev.millrace.model.objective.Signature.Kind.INTEGERS;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Discovery of classes among labelled and unlabelled rows of unequal frequency: a classifier that
 * teaches itself, and a contrast that its predictions guide.
 *
 * <pre>
 *   u_v logits of view v, t temperature, pi prior, s supervisedShare, f softShare
 *   supervised   = mean over labelled rows and views of CE(u / t, label)
 *   unsupervised = mean over rows and views of CE(softmax(u_other / teacherTemperature), u / t)
 *   q ~ mean softmax(u / t) pi^-priorExponent,  regulariser = sum q log q + log C
 *   pseudo   = (1 - s) (unsupervised + regulariser) + s supervised
 *   p_i      = mean over views of softmax(u_i / t - priorCorrection log pi)
 *   infoNce  = NT-Xent of (z1, z2);  supCon over labelled rows
 *   soft     = over kept rows and views, w_ij = &lt;p_i, p_j&gt;, 1 for the other view of i:
 *              mean_i sum_{j != i} w_ij (-log softmax_j s_ij) / sum_j w_ij,
 *              s_ij = &lt;z_i, z_j&gt; / softTemperature
 *   contrast = (1 - s) infoNce + s (1 - f) supCon + s f soft
 *   loss     = pseudo + contrast
 * </pre>
 *
 * <p>Shapes: {@code logits: 2 x B x C} as they are (cosines), {@code z1, z2: B x D} raw, {@code
 * labels: [B]}, -1 without a label, {@code prior: [C]} above 0, up to a factor, constant; optional
 * {@code keepCount: [C]}; gradients {@code logits, z1, z2}; outputs {@code softLabels: B x C},
 * {@code samplingRate: [C]}, {@code kept: [B]} and each term as a scalar.
 *
 * <p>Kept are the labelled rows and, of the unlabelled ones, the keepCount most confident of each
 * predicted class. The published count is drawn from a binomial distribution with the class's rate
 * {@code (min pi / pi)^a}, a = {@code labelledRateExponent} for a class with a label in the batch,
 * else {@code unlabelledRateExponent}; without keepCount its mean is taken, rounded.
 *
 * <p>Means as written. Temperatures {@code temperature, teacherTemperature,
 * unsupervisedTemperature, supervisedTemperature, softTemperature} above 0; {@code softShare} is 0
 * in the first epoch of the published schedule. Teacher, soft labels, weights and selection are
 * constant. No labelled row, none kept, a batch of one: that term is 0.
 *
 * <p>The released code divides by an empty sum where nothing is kept.
 *
 * <p>Bai et al., Towards Distribution-Agnostic Generalized Category Discovery, NeurIPS 2023.
 */
final class Bacon implements Objective {

  private static final Signature SIGNATURE =
      Signature.of()
          .differentiable("logits", "2", "B", "C")
          .differentiable("z1", "B", "D")
          .differentiable("z2", "B", "D")
          .integers("labels", ValueRange.indexOrNone("C"), "B")
          .add("prior", CONSTANT, true, ValueRange.distribution(), "C")
          .optional("keepCount", INTEGERS, ValueRange.between(0, Integer.MAX_VALUE - 1), "C")
          .build();

  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows rows;
  private final StopGradient stopGradient = new StopGradient();
  private final BaconClassifier classifier;
  private final BaconSelection selection;
  private final NtXent infoNce;
  private final SoftPositives softPositives;
  private final Entries classEntries = new Entries();
  private final double supervisedShare;
  private final double softShare;
  private final double supervisedTemperature;
  private final double softTemperature;

  Bacon(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.rows = new UnitRows(kernels);
    this.supervisedShare = share(parameters, "supervisedShare", 0.35);
    this.softShare = share(parameters, "softShare", 0.5);
    double temperature = parameters.positive("temperature", 0.1);
    this.classifier =
        new BaconClassifier(kernels, parameters, stopGradient, temperature, supervisedShare);
    this.selection = new BaconSelection(kernels, parameters, stopGradient);
    double tau = parameters.positive("unsupervisedTemperature", 1);
    this.infoNce = new NtXent(kernels, new ObjectiveParameters(Map.of("tau", tau)));
    this.softPositives = new SoftPositives(kernels);
    this.supervisedTemperature = parameters.positive("supervisedTemperature", 0.07);
    this.softTemperature = parameters.positive("softTemperature", 0.07);
  }

  private static double share(ObjectiveParameters parameters, String name, double standard) {
    double share = parameters.weight(name, standard);
    if (share > 1) {
      throw new IllegalArgumentException(
          "parameter '" + name + "' must be from 0 to 1, was " + share);
    }
    return share;
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public StopGradient stopGradient() {
    return stopGradient;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    Map<String, Integer> sizes = SIGNATURE.bind(inputs);
    int batch = sizes.get("B");
    int[] labels = inputs.integers("labels");
    double[] logPrior = logPrior(inputs.matrix("prior"));
    int[] labelled = bothViews(labels, 0);
    int[] targets = IntStream.of(labelled).map(i -> labels[i % batch]).toArray();
    Matrix gradientLogits =
        classifier.evaluate(inputs.matrix("logits"), labelled, targets, logPrior);
    int[] keepCount = inputs.has("keepCount") ? inputs.integers("keepCount") : null;
    int[] kept = selection.evaluate(classifier.scaledLogits(), labels, logPrior, keepCount);
    int[] keptRows = bothViews(kept, 1);

    LossAndGradient plain =
        infoNce.evaluate(
            new ObjectiveInputs().put("z1", inputs.matrix("z1")).put("z2", inputs.matrix("z2")));
    Matrix z = rows.forward(inputs.matrix("z1"), inputs.matrix("z2"));
    Matrix gradientUnit = workspace.zeros("gradientUnit", z.rows(), z.columns());
    double supConShare = supervisedShare * (1 - softShare);
    double supCon = supCon(z, labelled, targets, sizes.get("C"), supConShare, gradientUnit);
    double soft = soft(z, keptRows, batch, supervisedShare * softShare, gradientUnit);
    Matrix gradient = rows.backward(gradientUnit);
    Matrix gradient1 = gradient.rows(0, batch);
    Matrix gradient2 = gradient.rows(batch, 2 * batch);
    kernels.addInPlace(gradient1, 1 - supervisedShare, plain.gradient("z1"));
    kernels.addInPlace(gradient2, 1 - supervisedShare, plain.gradient("z2"));

    double contrast =
        (1 - supervisedShare) * plain.loss()
            + supConShare * supCon
            + supervisedShare * softShare * soft;
    return new LossAndGradient(classifier.loss() + contrast)
        .withGradient("logits", gradientLogits)
        .withGradient("z1", gradient1)
        .withGradient("z2", gradient2)
        .withOutput("softLabels", selection.softLabels())
        .withOutput("samplingRate", vector("samplingRate", selection.rates(), 1))
        .withOutput("kept", vector("kept", IntStream.of(kept).asDoubleStream().toArray(), batch))
        .withScalar("pseudoLabelLoss", classifier.loss())
        .withScalar("supervisedTerm", classifier.supervised())
        .withScalar("unsupervisedTerm", classifier.unsupervised())
        .withScalar("regulariser", classifier.regulariser())
        .withScalar("contrastLoss", contrast)
        .withScalar("infoNceTerm", plain.loss())
        .withScalar("supConTerm", supCon)
        .withScalar("softTerm", soft);
  }

  private double[] logPrior(Matrix prior) {
    double[] values = new double[prior.columns()];
    kernels.read(prior, values);
    for (int c = 0; c < values.length; c++) {
      if (!(values[c] > 0)) {
        throw new IllegalArgumentException(
            "prior of class "
                + c
                + " is "
                + values[c]
                + ", must be above 0: count every class from 1");
      }
      values[c] = Math.log(values[c]);
    }
    return values;
  }

  /** Rows of the stacked views whose mark is not below {@code least}. */
  private static int[] bothViews(int[] marks, int least) {
    return IntStream.range(0, 2 * marks.length)
        .filter(i -> marks[i % marks.length] >= least)
        .toArray();
  }

  private double supCon(
      Matrix z, int[] labelled, int[] targets, int classes, double share, Matrix gradientUnit) {
    int count = labelled.length;
    if (count == 0) {
      return 0;
    }
    Matrix oneHot = workspace.zeros("oneHot", count, classes);
    classEntries.clear();
    for (int i = 0; i < count; i++) {
      classEntries.add(i, targets[i], 1);
    }
    classEntries.addTo(kernels, oneHot);
    return contrast(z, labelled, oneHot, supervisedTemperature, share, gradientUnit);
  }

  private double soft(Matrix z, int[] kept, int batch, double share, Matrix gradientUnit) {
    int count = kept.length;
    if (count == 0) {
      return 0;
    }
    int[] source = IntStream.of(kept).map(i -> i % batch).toArray();
    Matrix softLabels = selection.softLabels();
    Matrix classes = workspace.matrix("classes", count, softLabels.columns());
    kernels.gatherRows(softLabels, source, count, classes);
    return contrast(z, kept, classes, softTemperature, share, gradientUnit);
  }

  private double contrast(
      Matrix z, int[] of, Matrix classes, double tau, double share, Matrix gradientUnit) {
    Matrix some = workspace.matrix("some", of.length, z.columns());
    kernels.gatherRows(z, of, of.length, some);
    Matrix gradient = softPositives.evaluate(some, classes, tau);
    kernels.scatterAddRowsInPlace(gradientUnit, of, of.length, share, gradient);
    return softPositives.loss();
  }

  private Matrix vector(String name, double[] values, int rowCount) {
    Matrix vector = workspace.matrix(name, rowCount, values.length / rowCount);
    kernels.write(values, vector);
    return vector;
  }
}
