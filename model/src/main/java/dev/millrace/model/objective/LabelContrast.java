package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Softmax cross entropy of anchors whose positives are all columns of their own label.
 *
 * <pre>
 *   s_ij = &lt;a_i, c_j&gt; / tau
 *   loss = mean_{i that has a positive} ( log sum_j exp s_ij - mean_{p in P_i} s_ip )
 * </pre>
 *
 * <p>The columns are the rows of a batch and those of a bank, which receives no gradient. One
 * positive t of each row is set apart, so that what is left of the loss, softplus of the log-sum of
 * all others relative to it, and the gradient keep their relative precision where a row has that
 * positive only. The mean over the positives enters as the distance of t from it, by sums over
 * classes; no list of pairs is made.
 */
final class LabelContrast {

  private final Kernels kernels;
  private final Workspace workspace;
  private final Entries masked = new Entries();
  private final Entries maskedBank = new Entries();
  private final double tau;
  private final boolean withoutSelf;
  private LabelClasses classes;
  private Matrix anchors;
  private Matrix columns;
  private Matrix bank;
  private int anchorCount;
  private double[] share;
  private double[] batchPart;
  private double[] bankPart;

  /**
   * A contrast.
   *
   * @param withoutSelf whether anchors are the columns of the batch themselves and each is left out
   *     of its own row
   */
  LabelContrast(Kernels kernels, double tau, boolean withoutSelf) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.tau = tau;
    this.withoutSelf = withoutSelf;
  }

  /**
   * The loss; 0 if no anchor has a positive.
   *
   * @param anchors unit rows
   * @param columns unit rows, one of the label of each anchor
   * @param labels of anchors and columns
   * @param bank unit rows, null for none
   * @param bankLabels as many as rows of the bank
   */
  double evaluate(Matrix anchors, Matrix columns, int[] labels, Matrix bank, int[] bankLabels) {
    this.anchors = anchors;
    this.columns = columns;
    this.bank = bank;
    this.classes = new LabelClasses(labels, bankLabels, withoutSelf);
    int rows = anchors.rows();
    Matrix apart = positivesSetApart();
    Matrix deviation = deviation(apart);

    Matrix positive = workspace.matrix("positive", rows, 1);
    kernels.rowDots(anchors, apart, positive);
    kernels.scaleInPlace(positive, -1 / tau);
    maskAllButOthers();
    double[] inBatch = softmax("batch", columns, masked, positive);
    double[] inBank = bank == null ? null : softmax("bank", bank, maskedBank, positive);

    Matrix deviationLogit = workspace.matrix("deviationLogit", rows, 1);
    kernels.rowDots(anchors, deviation, deviationLogit);
    double[] further = new double[rows];
    kernels.read(deviationLogit, further);
    share = new double[rows];
    batchPart = new double[rows];
    bankPart = new double[rows];
    anchorCount = 0;
    double loss = 0;
    for (int i = 0; i < rows; i++) {
      double bankLog = bank == null ? Double.NEGATIVE_INFINITY : inBank[i];
      double others = logAdd(inBatch[i], bankLog);
      if (classes.positives(i) > 0) {
        anchorCount++;
        loss += softplus(others) + further[i] / tau;
      }
      if (others != Double.NEGATIVE_INFINITY) {
        share[i] = 1 / (1 + Math.exp(-others));
        batchPart[i] = share[i] * Math.exp(inBatch[i] - others);
        bankPart[i] = share[i] * Math.exp(bankLog - others);
      }
    }
    return anchorCount == 0 ? 0 : loss / anchorCount;
  }

  /** Number of anchors that have a positive, over which the last loss is the mean. */
  int anchorCount() {
    return anchorCount;
  }

  /** Adds the gradients of {@code weight} times the last loss, once; both may be one matrix. */
  void addGradients(double weight, Matrix gradientAnchors, Matrix gradientColumns) {
    int rows = anchors.rows();
    double[] scale = new double[rows];
    double[] several = new double[rows];
    double[] pull = new double[rows];
    double[] pullInBatch = new double[rows];
    double[] mean = new double[rows];
    for (int i = 0; i < rows; i++) {
      int count = classes.positives(i);
      scale[i] = count == 0 ? 0 : weight / (anchorCount * tau);
      several[i] = count > 1 ? scale[i] : 0;
      mean[i] = count > 1 ? -scale[i] / count : 0;
      pull[i] = -share[i] * scale[i];
      pullInBatch[i] = classes.firstInBatch(i) < 0 ? 0 : pull[i] + several[i];
      batchPart[i] *= scale[i];
      bankPart[i] *= scale[i];
    }
    Matrix toBatch = workspace.matrix("batch", rows, columns.rows());
    kernels.scaleRowsInPlace(toBatch, column(batchPart));
    kernels.multiply(toBatch, columns, 1, 1, gradientAnchors);
    kernels.multiplyTransposed(toBatch, anchors, 1, 1, gradientColumns);
    if (bank != null) {
      Matrix fromBank = workspace.like("scaled", anchors);
      kernels.multiply(workspace.matrix("bank", rows, bank.rows()), bank, 1, 0, fromBank);
      kernels.scaleRowsInPlace(fromBank, column(bankPart));
      kernels.addInPlace(gradientAnchors, 1, fromBank);
    }
    Matrix apart = workspace.like("apart", anchors);
    kernels.scaleRowsInPlace(apart, column(pull));
    kernels.addInPlace(gradientAnchors, 1, apart);
    Matrix deviation = workspace.like("deviation", anchors);
    kernels.scaleRowsInPlace(deviation, column(scale));
    kernels.addInPlace(gradientAnchors, 1, deviation);

    Matrix scaled = workspace.like("scaled", anchors);
    kernels.copy(anchors, scaled);
    kernels.scaleRowsInPlace(scaled, column(pullInBatch));
    kernels.scatterAddRowsInPlace(gradientColumns, targetsInBatch(), rows, 1, scaled);
    kernels.copy(anchors, scaled);
    kernels.scaleRowsInPlace(scaled, column(mean));
    Matrix sums = workspace.zeros("sums", rows + 1, anchors.columns());
    kernels.scatterAddRowsInPlace(sums, classes.batch(), rows, 1, scaled);
    if (withoutSelf) {
      kernels.addInPlace(gradientColumns, -1, scaled);
    }
    kernels.gatherRows(sums, classes.batch(), rows, scaled);
    kernels.addInPlace(gradientColumns, 1, scaled);
  }

  /** The unit row of each anchor's positive that is set apart; any row where there is none. */
  private Matrix positivesSetApart() {
    int rows = anchors.rows();
    Matrix apart = workspace.like("apart", anchors);
    kernels.gatherRows(columns, targetsInBatch(), rows, apart);
    if (bank != null) {
      int[] targets = new int[rows];
      double[] fromBank = new double[rows];
      double[] fromBatch = new double[rows];
      for (int i = 0; i < rows; i++) {
        targets[i] = Math.max(0, classes.firstInBank(i));
        fromBank[i] = classes.firstInBank(i) < 0 ? 0 : 1;
        fromBatch[i] = 1 - fromBank[i];
      }
      Matrix inBank = workspace.like("scaled", anchors);
      kernels.gatherRows(bank, targets, rows, inBank);
      kernels.scaleRowsInPlace(inBank, column(fromBank));
      kernels.scaleRowsInPlace(apart, column(fromBatch));
      kernels.addInPlace(apart, 1, inBank);
    }
    return apart;
  }

  /** Row of the batch of the positive set apart, the anchor's own where there is none. */
  private int[] targetsInBatch() {
    int[] targets = new int[anchors.rows()];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = classes.firstInBatch(i) < 0 ? i : classes.firstInBatch(i);
    }
    return targets;
  }

  /** The positive set apart minus the mean of all, exactly 0 where it is the only one. */
  private Matrix deviation(Matrix apart) {
    int rows = anchors.rows();
    Matrix sums = workspace.zeros("sums", rows + 1, anchors.columns());
    kernels.scatterAddRowsInPlace(sums, classes.batch(), rows, 1, columns);
    if (bank != null) {
      kernels.scatterAddRowsInPlace(sums, classes.bank(), bank.rows(), 1, bank);
    }
    Matrix deviation = workspace.like("deviation", anchors);
    kernels.gatherRows(sums, classes.batch(), rows, deviation);
    if (withoutSelf) {
      kernels.addInPlace(deviation, -1, anchors);
    }
    double[] mean = new double[rows];
    double[] several = new double[rows];
    for (int i = 0; i < rows; i++) {
      several[i] = classes.positives(i) > 1 ? 1 : 0;
      mean[i] = classes.positives(i) > 1 ? -1.0 / classes.positives(i) : 0;
    }
    kernels.scaleRowsInPlace(deviation, column(mean));
    Matrix scaled = workspace.like("scaled", anchors);
    kernels.copy(apart, scaled);
    kernels.scaleRowsInPlace(scaled, column(several));
    kernels.addInPlace(deviation, 1, scaled);
    return deviation;
  }

  private void maskAllButOthers() {
    masked.clear();
    maskedBank.clear();
    for (int i = 0; i < anchors.rows(); i++) {
      if (withoutSelf) {
        masked.mask(i, i);
      }
      if (classes.firstInBatch(i) >= 0) {
        masked.mask(i, classes.firstInBatch(i));
      }
      if (classes.firstInBank(i) >= 0) {
        maskedBank.mask(i, classes.firstInBank(i));
      }
    }
  }

  /** Softmax over one block of columns, left in the workspace; the logarithms of its sums. */
  private double[] softmax(String name, Matrix block, Entries excluded, Matrix shift) {
    Matrix logits = workspace.matrix(name, anchors.rows(), block.rows());
    kernels.multiplyByTransposed(anchors, block, 1 / tau, 0, logits);
    kernels.addColumnInPlace(logits, shift);
    excluded.addTo(kernels, logits);
    Matrix logSums = workspace.matrix("logSums", anchors.rows(), 1);
    kernels.softmaxRowsInPlace(logits, logSums);
    double[] values = new double[anchors.rows()];
    kernels.read(logSums, values);
    return values;
  }

  private Matrix column(double[] values) {
    Matrix column = workspace.matrix("column", values.length, 1);
    kernels.write(values, column);
    return column;
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double logAdd(double a, double b) {
    double largest = Math.max(a, b);
    return largest == Double.NEGATIVE_INFINITY
        ? largest
        : largest + Math.log1p(Math.exp(Math.min(a, b) - largest));
  }
}
