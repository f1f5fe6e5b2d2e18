package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Soft labels of BaCon without the prior's share, and the rows that may teach: labelled ones, and
 * of each predicted class the most confident others. All of it is constant.
 */
final class BaconSelection {

  private final Kernels kernels;
  private final Workspace workspace;
  private final StopGradient stopGradient;
  private final double priorCorrection;
  private final double labelledRateExponent;
  private final double unlabelledRateExponent;
  private int[] predicted = new int[0];
  private int[] predictedTwice = new int[0];
  private double[] rates;
  private Matrix softLabels;

  BaconSelection(Kernels kernels, ObjectiveParameters parameters, StopGradient stopGradient) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.stopGradient = stopGradient;
    this.priorCorrection = parameters.weight("priorCorrection", 0.5);
    this.labelledRateExponent = parameters.weight("labelledRateExponent", 0);
    this.unlabelledRateExponent = parameters.weight("unlabelledRateExponent", 0.5);
  }

  /** {@code B x C}, of the last call. */
  Matrix softLabels() {
    return softLabels;
  }

  /** Share of each class to keep, of the last call. */
  double[] rates() {
    return rates;
  }

  /**
   * Makes soft labels and rates.
   *
   * @param scaledLogits {@code 2B x C} over the temperature, view above view
   * @param keepCount rows to keep per predicted class; null for the rate's share, rounded
   * @return 1 for each row that is kept, 0 for the others
   */
  int[] evaluate(Matrix scaledLogits, int[] labels, double[] logPrior, int[] keepCount) {
    int batch = labels.length;
    int classes = logPrior.length;
    Matrix adjusted = workspace.like("adjusted", scaledLogits);
    kernels.copy(scaledLogits, adjusted);
    Matrix row = workspace.matrix("row", 1, classes);
    kernels.write(Arrays.stream(logPrior).map(p -> -priorCorrection * p).toArray(), row);
    kernels.addRowInPlace(adjusted, row);
    Matrix probabilities = workspace.like("probabilities", adjusted);
    kernels.copy(adjusted, probabilities);
    Matrix column = workspace.matrix("column", 2 * batch, 1);
    kernels.softmaxRowsInPlace(probabilities, column);
    softLabels = workspace.matrix("softLabels", batch, classes);
    kernels.copy(probabilities.rows(0, batch), softLabels);
    kernels.addInPlace(softLabels, 1, probabilities.rows(batch, 2 * batch));
    kernels.scaleInPlace(softLabels, 0.5);
    stopGradient.holdInPlace("softLabels", kernels, softLabels);

    if (predicted.length != batch) {
      predicted = new int[batch];
      predictedTwice = new int[2 * batch];
    }
    kernels.argMaxRows(softLabels, predicted);
    rates = rates(labels, logPrior);
    int[] counts = keepCount == null ? expectedCounts(labels, classes) : keepCount;
    return stopGradient.hold("kept", keep(labels, counts, confidence(adjusted, column)));
  }

  private double[] rates(int[] labels, double[] logPrior) {
    double[] exponent = new double[logPrior.length];
    Arrays.fill(exponent, unlabelledRateExponent);
    for (int label : labels) {
      if (label >= 0) {
        exponent[label] = labelledRateExponent;
      }
    }
    double rarest = Arrays.stream(logPrior).min().orElseThrow();
    double[] result = new double[logPrior.length];
    Arrays.setAll(result, c -> Math.exp(exponent[c] * (rarest - logPrior[c])));
    return result;
  }

  private int[] expectedCounts(int[] labels, int classes) {
    double[] available = new double[classes];
    for (int i = 0; i < labels.length; i++) {
      available[predicted[i]] += labels[i] < 0 ? 1 : 0;
    }
    return IntStream.range(0, classes)
        .map(c -> (int) Math.round(available[c] * rates[c]))
        .toArray();
  }

  /**
   * Mean probability of the predicted class over both views, from the share of the other classes:
   * that tells confident rows apart where their probabilities round to 1.
   */
  private double[] confidence(Matrix adjusted, Matrix column) {
    int batch = predicted.length;
    System.arraycopy(predicted, 0, predictedTwice, 0, batch);
    System.arraycopy(predicted, 0, predictedTwice, batch, batch);
    kernels.crossEntropyRowsInPlace(adjusted, predictedTwice, column);
    double[] rowLoss = new double[2 * batch];
    kernels.read(column, rowLoss);
    double[] confidence = new double[batch];
    Arrays.setAll(
        confidence, i -> 1 + (Math.expm1(-rowLoss[i]) + Math.expm1(-rowLoss[batch + i])) / 2);
    return confidence;
  }

  private int[] keep(int[] labels, int[] counts, double[] confidence) {
    int[] left = counts.clone();
    int[] kept = new int[labels.length];
    IntStream.range(0, labels.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -confidence[i]))
        .forEach(
            i -> {
              if (labels[i] >= 0 || left[predicted[i]]-- > 0) {
                kept[i] = 1;
              }
            });
    return kept;
  }
}
