package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/** The pseudo-label branch of BaCon: losses of the classifier's logits, view above view. */
final class BaconClassifier {

  private final Kernels kernels;
  private final Workspace workspace;
  private final StopGradient stopGradient;
  private final Entries largest = new Entries();
  private final double temperature;
  private final double teacherTemperature;
  private final double priorExponent;
  private final double supervisedShare;
  private int[] places = new int[0];
  private double supervised;
  private double unsupervised;
  private double regulariser;
  private Matrix shifted;

  BaconClassifier(
      Kernels kernels,
      ObjectiveParameters parameters,
      StopGradient stopGradient,
      double temperature,
      double supervisedShare) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.stopGradient = stopGradient;
    this.temperature = temperature;
    this.supervisedShare = supervisedShare;
    this.teacherTemperature = parameters.positive("teacherTemperature", 0.04);
    this.priorExponent = parameters.weight("priorExponent", 1.1);
  }

  double supervised() {
    return supervised;
  }

  double unsupervised() {
    return unsupervised;
  }

  double regulariser() {
    return regulariser;
  }

  double loss() {
    return (1 - supervisedShare) * (unsupervised + regulariser) + supervisedShare * supervised;
  }

  /** The logits of the last call over the temperature, less the largest of each row. */
  Matrix scaledLogits() {
    return shifted;
  }

  /**
   * Computes all terms and the gradient at the logits; they live until the next call.
   *
   * @param labelled rows with a label, of both views
   * @param targets their labels
   * @param logPrior logarithm of the prior of each class, up to a constant
   */
  Matrix evaluate(Matrix logits, int[] labelled, int[] targets, double[] logPrior) {
    int rows = logits.rows();
    shifted = workspace.like("shifted", logits);
    kernels.copy(logits, shifted);
    kernels.addColumnInPlace(shifted, negativeMaximaOfRows(logits));
    Matrix teacher = teacher(shifted);
    kernels.scaleInPlace(shifted, 1 / temperature);

    Matrix probabilities = workspace.like("probabilities", logits);
    kernels.copy(shifted, probabilities);
    Matrix column = workspace.matrix("column", rows, 1);
    kernels.softmaxRowsInPlace(probabilities, column);
    Matrix logs = workspace.like("logs", logits);
    kernels.copy(shifted, logs);
    kernels.scaleInPlace(column, -1);
    kernels.addColumnInPlace(logs, column);

    kernels.rowDots(teacher, logs, column);
    unsupervised = 0 - kernels.sum(column) / rows;
    Matrix gradient = workspace.like("gradient", logits);
    kernels.copy(probabilities, gradient);
    kernels.addInPlace(gradient, -1, teacher);
    kernels.scaleInPlace(gradient, (1 - supervisedShare) / rows);
    regularise(logs, probabilities, logPrior, gradient);
    supervise(labelled, targets, gradient);
    kernels.scaleInPlace(gradient, 1 / temperature);
    return gradient;
  }

  private Matrix negativeMaximaOfRows(Matrix x) {
    reserve(x.rows());
    kernels.argMaxRows(x, places);
    largest.clear();
    for (int i = 0; i < x.rows(); i++) {
      largest.add(i, places[i], 0);
    }
    Matrix column = workspace.matrix("column", x.rows(), 1);
    kernels.write(largest.readFrom(kernels, x), column);
    kernels.scaleInPlace(column, -1);
    return column;
  }

  /** What the other view of each row predicts, constant. */
  private Matrix teacher(Matrix raw) {
    int rows = raw.rows();
    int half = rows / 2;
    Matrix teacher = workspace.like("teacher", raw);
    kernels.copy(raw.rows(0, half), teacher.rows(half, rows));
    kernels.copy(raw.rows(half, rows), teacher.rows(0, half));
    kernels.scaleInPlace(teacher, 1 / teacherTemperature);
    kernels.softmaxRowsInPlace(teacher, workspace.matrix("teacherSums", rows, 1));
    stopGradient.holdInPlace("teacher", kernels, teacher);
    return teacher;
  }

  private void supervise(int[] labelled, int[] targets, Matrix gradient) {
    int count = labelled.length;
    supervised = 0;
    if (count > 0) {
      Matrix known = workspace.matrix("known", count, gradient.columns());
      kernels.gatherRows(shifted, labelled, count, known);
      Matrix rowLoss = workspace.matrix("rowLoss", count, 1);
      kernels.crossEntropyRowsInPlace(known, targets, rowLoss);
      supervised = kernels.sum(rowLoss) / count;
      kernels.scatterAddRowsInPlace(gradient, labelled, count, supervisedShare / count, known);
    }
  }

  /**
   * The mean prediction in logarithms: a class that no row predicts has a mean of e to the minus
   * hundreds, whose logarithm and gradient are finite.
   */
  private void regularise(Matrix logs, Matrix probabilities, double[] logPrior, Matrix gradient) {
    int rows = logs.rows();
    int classes = logs.columns();
    double[] maxima = maximaOfColumns(logs);
    Matrix row = workspace.matrix("row", 1, classes);
    kernels.write(maxima, row);
    kernels.scaleInPlace(row, -1);
    kernels.addRowInPlace(logs, row);
    Matrix shares = workspace.like("shares", logs);
    kernels.apply(Elementwise.EXP, logs, shares);
    kernels.sumOfRows(shares, 0, row);
    double[] sums = new double[classes];
    kernels.read(row, sums);

    double[] logQ = new double[classes];
    double top = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      logQ[c] = maxima[c] + Math.log(sums[c]) - priorExponent * logPrior[c];
      top = Math.max(top, logQ[c]);
    }
    double total = 0;
    for (int c = 0; c < classes; c++) {
      total += Math.exp(logQ[c] - top);
    }
    double negativeEntropy = 0;
    for (int c = 0; c < classes; c++) {
      logQ[c] -= top + Math.log(total);
      negativeEntropy += Math.exp(logQ[c]) * logQ[c];
    }
    regulariser = negativeEntropy + Math.log(classes);
    double[] slopes = new double[classes];
    for (int c = 0; c < classes; c++) {
      slopes[c] = Math.exp(logQ[c]) * (logQ[c] - negativeEntropy) / sums[c];
    }

    kernels.write(slopes, row);
    Matrix factors = workspace.zeros("factors", rows, classes);
    kernels.addRowInPlace(factors, row);
    kernels.hadamard(factors, shares, logs);
    Matrix column = workspace.matrix("column", rows, 1);
    kernels.rowSums(logs, column);
    kernels.scaleRowsInPlace(probabilities, column);
    kernels.addInPlace(gradient, 1 - supervisedShare, logs);
    kernels.addInPlace(gradient, supervisedShare - 1, probabilities);
  }

  private double[] maximaOfColumns(Matrix x) {
    reserve(x.columns());
    kernels.argMaxColumns(x, places);
    largest.clear();
    for (int j = 0; j < x.columns(); j++) {
      largest.add(places[j], j, 0);
    }
    double[] maxima = new double[x.columns()];
    System.arraycopy(largest.readFrom(kernels, x), 0, maxima, 0, maxima.length);
    return maxima;
  }

  private void reserve(int count) {
    if (places.length < count) {
      places = new int[count];
    }
  }
}
