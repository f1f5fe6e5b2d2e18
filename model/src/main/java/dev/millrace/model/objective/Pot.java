package dev.millrace.model.objective;

import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Node compactness of a two-layer graph convolution under edge dropping: how much closer a node is
 * to its other view than to the average node, at least, over all admissible graphs.
 *
 * <pre>
 *   z = s(A s(A x w1 + b1) w2 + b2),  s the leaky rectifier, A the normalised adjacency of a view
 *   w_i = n(z2_i) - mean_{j != i} n(z2_j),  n the unit row
 *   compactness_i = &lt;z1_i, w_i&gt;
 *   bound_i = sum_j A1_ij f_ij + beta_i &lt;= compactness_i,  f, beta from lines below s
 *   loss = mean_i softplus(-bound_i)
 * </pre>
 *
 * <p>The intervals of all pre-activations over the admissible graphs, see {@link PotGraph}, give
 * two lines around s for each, see {@link Relaxation}. The signs of w choose those of the second
 * layer and the signs of {@code omega_i = (slope2 * w_i) w2^T} those of the first, for every pair
 * of a node i and its neighbour j alone; sums over j are products with A1.
 *
 * <p>Shapes: {@code x: B x D} features of all nodes, as they are and constant; {@code adjacency,
 * adjacency1, adjacency2: B x B} of the graph and of two views of it, symmetric 0/1 without loops;
 * weights {@code w1: D x H, b1: [H], w2: H x O, b2: [O]}; gradients of the weights; outputs {@code
 * bound: B x 1, compactness: B x 1}. Views whose nodes lost more edges than allowed are accepted,
 * but bound is then no bound.
 *
 * <p>Mean over the nodes. Nothing is held constant. Parameters: {@code dropRate} between 0 and 1,
 * the share of its edges that a node may lose; {@code negativeSlope} between 0 and 1, 0 for the
 * plain rectifier; {@code hidden, outputs}, the H and O of weights that the learner makes. A single
 * node has no others to be compared with: w is its unit row. For the other view evaluate again with
 * adjacency1 and adjacency2 exchanged.
 *
 * <p>The released code takes the intervals of the second layer from the whole graph, and the lines
 * of a neighbour j from w_j instead of w_i: what it computes exceeds the compactness for most
 * nodes. Here lines are chosen per pair and intervals are passed on, so that the bound holds.
 *
 * <p>Yu, Wang, Zhang, Liu, Shi, Provable Training for Graph Contrastive Learning, NeurIPS 2023.
 */
final class Pot implements Objective {

  private final Signature signature;
  private final Kernels kernels;
  private final Workspace workspace;
  private final PotGraph graph;
  private final Gcn view1;
  private final Gcn view2;
  private final GcnIntervals intervals;
  private final Relaxation first;
  private final Relaxation second;
  private final UnitRows units;

  Pot(Kernels kernels, ObjectiveParameters parameters) {
    double slope = share("negativeSlope", parameters.number("negativeSlope", 0));
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.graph = new PotGraph(kernels, share("dropRate", parameters.number("dropRate", 0.4)));
    this.view1 = new Gcn(kernels, slope);
    this.view2 = new Gcn(kernels, slope);
    this.intervals = new GcnIntervals(kernels, graph, slope);
    this.first = new Relaxation(kernels, slope);
    this.second = new Relaxation(kernels, slope);
    this.units = new UnitRows(kernels);
    this.signature =
        Signature.of()
            .constant("x", "B", "D")
            .integers("adjacency", ValueRange.adjacency(), "B", "B")
            .integers("adjacency1", ValueRange.adjacency(), "B", "B")
            .integers("adjacency2", ValueRange.adjacency(), "B", "B")
            .parameter("w1", ValueRange.any(), "D", "H")
            .parameter("b1", ValueRange.any(), "H")
            .parameter("w2", ValueRange.any(), "H", "O")
            .parameter("b2", ValueRange.any(), "O")
            .size("H", parameters.count("hidden", 128))
            .size("O", parameters.count("outputs", 64))
            .build();
  }

  private static double share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "parameter '" + name + "' must be between 0 and 1, was " + value);
    }
    return value;
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    int nodes = signature.bind(inputs).get("B");
    Matrix x = inputs.matrix("x");
    Matrix w1 = inputs.matrix("w1");
    Matrix v = workspace.matrix("v", nodes, w1.columns());
    kernels.multiply(x, w1, 1, 0, v);
    GcnLayers layers =
        new GcnLayers(v, inputs.matrix("b1"), inputs.matrix("w2"), inputs.matrix("b2"));
    GcnLayers gradients =
        new GcnLayers(
            zeros("gradientV", v),
            zeros("gradientB1", layers.b1()),
            zeros("gradientW2", layers.w2()),
            zeros("gradientB2", layers.b2()));

    Matrix adjacency1 = graph.view("view1", inputs.integers("adjacency1"), nodes);
    Matrix z1 = view1.forward(adjacency1, layers);
    Matrix z2 = view2.forward(graph.view("view2", inputs.integers("adjacency2"), nodes), layers);
    Matrix w = direction(units.forward(z2));
    graph.bind(inputs.integers("adjacency"), nodes);
    intervals.forward(layers);
    first.forward(intervals.firstLow(), intervals.firstHigh());
    second.forward(intervals.secondLow(), intervals.secondHigh());

    Matrix compactness = workspace.matrix("compactness", nodes, 1);
    kernels.rowDots(z1, w, compactness);
    Matrix bound = workspace.matrix("bound", nodes, 1);
    double loss = bound(adjacency1, layers, w, gradients, bound);
    Matrix gradientW1 = workspace.like("gradientW1", w1);
    kernels.multiplyTransposed(x, gradients.v(), 1, 0, gradientW1);
    return new LossAndGradient(loss)
        .withGradient("w1", gradientW1)
        .withGradient("b1", gradients.b1())
        .withGradient("w2", gradients.w2())
        .withGradient("b2", gradients.b2())
        .withOutput("bound", bound)
        .withOutput("compactness", compactness);
  }

  /** Each unit row less the mean of the others; linear, and its own transpose. */
  private Matrix direction(Matrix unit) {
    Matrix w = workspace.like("w", unit);
    lessMeanOfOthers(unit, w);
    return w;
  }

  private void lessMeanOfOthers(Matrix x, Matrix out) {
    kernels.copy(x, out);
    if (x.rows() > 1) {
      double others = x.rows() - 1;
      Matrix mean = workspace.matrix("mean", 1, x.columns());
      kernels.sumOfRows(x, 0, mean);
      kernels.scaleInPlace(mean, -1 / others);
      kernels.scaleInPlace(out, 1 + 1 / others);
      kernels.addRowInPlace(out, mean);
    }
  }

  /** Fills the bound, adds all gradients and returns the loss. */
  private double bound(
      Matrix adjacency, GcnLayers layers, Matrix w, GcnLayers gradients, Matrix bound) {
    int nodes = w.rows();
    Matrix downW = negativePart("downW", w);
    Matrix sloped = product("sloped", second.slope(), w);
    Matrix omega = workspace.like("omega", layers.v());
    kernels.multiplyByTransposed(sloped, layers.w2(), 1, 0, omega);
    Matrix downOmega = negativePart("downOmega", omega);
    Matrix line = product("line", first.slope(), view1.first());
    Matrix lines = workspace.like("lines", line);
    kernels.multiply(adjacency, line, 1, 0, lines);
    Matrix offsets = workspace.like("offsets", line);
    kernels.multiply(adjacency, first.intercept(), 1, 0, offsets);

    kernels.multiplyByTransposed(sloped, layers.b2(), 1, 0, bound);
    addDots(omega, lines, bound);
    addDots(downOmega, offsets, bound);
    addDots(downW, second.intercept(), bound);
    Matrix term = workspace.like("term", bound);
    Matrix negated = workspace.like("negated", bound);
    kernels.apply(Elementwise.NEGATE, bound, negated);
    kernels.apply(Elementwise.SOFTPLUS, negated, term);
    double loss = kernels.sum(term) / nodes;
    Matrix gradient = workspace.like("gradientBound", bound);
    kernels.apply(Elementwise.SIGMOID, negated, gradient);
    kernels.scaleInPlace(gradient, -1.0 / nodes);

    // At omega, at what it multiplies, and at sloped.
    Matrix ofOmega = where("ofOmega", omega, offsets);
    kernels.addInPlace(ofOmega, 1, lines);
    kernels.scaleRowsInPlace(ofOmega, gradient);
    kernels.multiplyTransposed(ofOmega, sloped, 1, 1, gradients.w2());
    kernels.multiplyTransposed(gradient, sloped, 1, 1, gradients.b2());
    Matrix ofSloped = workspace.like("ofSloped", w);
    kernels.multiply(ofOmega, layers.w2(), 1, 0, ofSloped);
    kernels.multiply(gradient, layers.b2(), 1, 1, ofSloped);
    kernels.scaleRowsInPlace(omega, gradient);
    kernels.scaleRowsInPlace(downOmega, gradient);
    kernels.scaleRowsInPlace(downW, gradient);
    Matrix ofLine = workspace.like("ofLine", line);
    kernels.multiplyTransposed(adjacency, omega, 1, 0, ofLine);
    Matrix ofIntercept = workspace.like("ofIntercept", line);
    kernels.multiplyTransposed(adjacency, downOmega, 1, 0, ofIntercept);

    Matrix ofFirst = product("ofFirst", ofLine, first.slope());
    kernels.sumOfRows(ofFirst, 1, gradients.b1());
    kernels.multiplyTransposed(adjacency, ofFirst, 1, 1, gradients.v());
    addIntervals(
        product("ofSlope1", ofLine, view1.first()),
        ofIntercept,
        product("ofSlope2", ofSloped, w),
        downW,
        layers,
        gradients);

    Matrix ofW = where("ofW", w, second.intercept());
    kernels.scaleRowsInPlace(ofW, gradient);
    kernels.addInPlace(ofW, 1, product("throughSlope", ofSloped, second.slope()));
    Matrix ofUnit = workspace.like("ofUnit", w);
    lessMeanOfOthers(ofW, ofUnit);
    view2.addBackward(units.backward(ofUnit), layers, gradients);
    return loss;
  }

  private void addIntervals(
      Matrix ofSlope1,
      Matrix ofIntercept1,
      Matrix ofSlope2,
      Matrix ofIntercept2,
      GcnLayers layers,
      GcnLayers gradients) {
    Matrix firstLow = workspace.like("ofFirstLow", ofSlope1);
    Matrix firstHigh = workspace.like("ofFirstHigh", ofSlope1);
    first.backward(ofSlope1, ofIntercept1, firstLow, firstHigh);
    Matrix secondLow = workspace.like("ofSecondLow", ofSlope2);
    Matrix secondHigh = workspace.like("ofSecondHigh", ofSlope2);
    second.backward(ofSlope2, ofIntercept2, secondLow, secondHigh);
    intervals.addBackward(firstLow, firstHigh, secondLow, secondHigh, layers, gradients);
  }

  private void addDots(Matrix a, Matrix b, Matrix column) {
    Matrix dots = workspace.like("dots", column);
    kernels.rowDots(a, b, dots);
    kernels.addInPlace(column, 1, dots);
  }

  private Matrix negativePart(String name, Matrix x) {
    Matrix out = workspace.like(name, x);
    LeakyRelu.split(kernels, x, workspace.like(name + ".up", x), out);
    return out;
  }

  /** {@code y} where {@code x} is below 0, else 0. */
  private Matrix where(String name, Matrix x, Matrix y) {
    Matrix negated = workspace.like(name + ".negated", x);
    kernels.apply(Elementwise.NEGATE, x, negated);
    Matrix out = workspace.like(name, x);
    kernels.applyBackward(Elementwise.RELU, negated, y, out);
    return out;
  }

  private Matrix product(String name, Matrix x, Matrix y) {
    Matrix out = workspace.like(name, x);
    kernels.hadamard(x, y, out);
    return out;
  }

  private Matrix zeros(String name, Matrix like) {
    return workspace.zeros(name, like.rows(), like.columns());
  }
}
