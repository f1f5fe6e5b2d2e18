package dev.millrace.model.encoder;

import dev.millrace.model.kernel.AttentionOptions;
import dev.millrace.model.kernel.Elementwise;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.PackedSegments;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.optimizer.Parameters;

/**
 * One post-LN layer: {@code h = LN(x + drop(attention(x))); y = LN(h + drop(W2 gelu(W1 h)))}.
 *
 * <p>Keys and values are computed for every token, everything else for the queries alone. With
 * fewer queries than tokens the layer costs little more than the two products for keys and values.
 */
final class EncoderLayer {

  private final Kernels kernels;
  private final EncoderConfig config;
  private final Scratch scratch;

  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear attentionOutput;
  private final Linear inner;
  private final Linear outer;
  private final LayerNorm attentionNorm;
  private final LayerNorm outputNorm;

  private final RowBuffer queryRows;
  private final RowBuffer keyRows;
  private final RowBuffer valueRows;
  private final RowBuffer probabilities;
  private final RowBuffer context;
  private final RowBuffer middle;
  private final RowBuffer innerRows;
  private final RowBuffer activated;
  private final RowBuffer output;
  private final RowBuffer askingRows;

  /** What the backward pass takes from the last forward pass. */
  private Matrix input;

  private Matrix asking;
  private PackedSegments segments;
  private Matrix probabilityRow;
  private AttentionOptions attention;
  private double dropout;
  private long attentionOutputSeed;
  private long outerSeed;

  EncoderLayer(
      Kernels kernels, EncoderConfig config, Parameters parameters, int layer, Scratch scratch) {
    this.kernels = kernels;
    this.config = config;
    this.scratch = scratch;
    String name = "layer" + layer + ".";
    query = new Linear(kernels, parameters, name + "query");
    key = new Linear(kernels, parameters, name + "key");
    value = new Linear(kernels, parameters, name + "value");
    attentionOutput = new Linear(kernels, parameters, name + "attentionOutput");
    inner = new Linear(kernels, parameters, name + "inner");
    outer = new Linear(kernels, parameters, name + "outer");
    attentionNorm = norm(parameters, name + "attentionNorm");
    outputNorm = norm(parameters, name + "outputNorm");
    queryRows = new RowBuffer(kernels, config.width());
    keyRows = new RowBuffer(kernels, config.width());
    valueRows = new RowBuffer(kernels, config.width());
    probabilities = new RowBuffer(kernels, 1);
    context = new RowBuffer(kernels, config.width());
    middle = new RowBuffer(kernels, config.width());
    innerRows = new RowBuffer(kernels, config.inner());
    activated = new RowBuffer(kernels, config.inner());
    output = new RowBuffer(kernels, config.width());
    askingRows = new RowBuffer(kernels, config.width());
  }

  private LayerNorm norm(Parameters parameters, String name) {
    return new LayerNorm(
        kernels,
        config.epsilon(),
        parameters.value(name + ".weight"),
        parameters.value(name + ".bias"),
        parameters.gradient(name + ".weight"),
        parameters.gradient(name + ".bias"));
  }

  static void declare(
      Parameters.Builder builder, EncoderConfig config, int layer, double deviation) {
    String name = "layer" + layer + ".";
    int width = config.width();
    for (String part : new String[] {"query", "key", "value", "attentionOutput"}) {
      Linear.declare(builder, name + part, width, width, deviation);
    }
    Linear.declare(builder, name + "inner", width, config.inner(), deviation);
    Linear.declare(builder, name + "outer", config.inner(), width, deviation);
    for (String part : new String[] {"attentionNorm", "outputNorm"}) {
      builder.ones(name + part + ".weight", 1, width).zeros(name + part + ".bias", 1, width);
    }
  }

  /**
   * Forward pass.
   *
   * @param x all tokens, {@code T x width}; must stay as it is until the backward pass
   * @param asked the queries, all tokens or some
   * @return {@code queries x width}
   */
  Matrix forward(Matrix x, PackedSegments asked, Dropout seeds) {
    input = x;
    segments = asked;
    probabilityRow = probabilitiesOf(asked);
    dropout = seeds.hidden();
    attention = new AttentionOptions(config.heads(), seeds.attention(), seeds.nextSeed());
    attentionOutputSeed = seeds.nextSeed();
    outerSeed = seeds.nextSeed();

    int tokens = x.rows();
    int queries = asked.queries();
    if (queries == tokens) {
      asking = x;
    } else {
      asking = askingRows.rows(queries);
      kernels.gatherRows(x, asked.queryRows(), queries, asking);
    }
    query.forward(asking, queryRows.rows(queries));
    key.forward(x, keyRows.rows(tokens));
    value.forward(x, valueRows.rows(tokens));
    kernels.attention(
        queryRows.rows(queries),
        keyRows.rows(tokens),
        valueRows.rows(tokens),
        asked,
        attention,
        probabilityRow,
        context.rows(queries));

    Matrix sum = scratch.rows(queries);
    Matrix h = middle.rows(queries);
    attentionOutput.forward(context.rows(queries), sum);
    addResidual(sum, attentionOutputSeed, asking);
    attentionNorm.forward(sum, h);

    inner.forward(h, innerRows.rows(queries));
    kernels.apply(Elementwise.GELU, innerRows.rows(queries), activated.rows(queries));
    outer.forward(activated.rows(queries), sum);
    addResidual(sum, outerSeed, h);
    Matrix y = output.rows(queries);
    outputNorm.forward(sum, y);
    return y;
  }

  private void addResidual(Matrix sum, long seed, Matrix residual) {
    dropInPlace(sum, seed);
    kernels.addInPlace(sum, 1, residual);
  }

  private void dropInPlace(Matrix x, long seed) {
    if (dropout > 0) {
      kernels.dropout(x, dropout, seed, x);
    }
  }

  /**
   * Backward pass of the last forward pass.
   *
   * @param gradientY {@code queries x width}
   * @param gradientX written, {@code T x width}
   */
  void backward(Matrix gradientY, Matrix gradientX) {
    int queries = segments.queries();
    int tokens = input.rows();
    Matrix sum = scratch.gradientRows(queries);
    backwardFeedForward(gradientY, sum);
    Matrix residual = scratch.rows(queries);
    attentionNorm.backward(sum, residual);

    Matrix dropped = dropped(residual, attentionOutputSeed, sum);
    attentionOutput.accumulate(context.rows(queries), dropped);
    Matrix gradientContext = scratch.contextRows(queries);
    attentionOutput.backward(dropped, 0, gradientContext);

    Matrix gradientQuery = scratch.queryRows(queries);
    Matrix gradientKey = scratch.keyRows(tokens);
    Matrix gradientValue = scratch.valueRows(tokens);
    kernels.attentionBackward(
        queryRows.rows(queries),
        keyRows.rows(tokens),
        valueRows.rows(tokens),
        segments,
        attention,
        probabilityRow,
        gradientContext,
        gradientQuery,
        gradientKey,
        gradientValue);

    query.accumulate(asking, gradientQuery);
    key.accumulate(input, gradientKey);
    value.accumulate(input, gradientValue);
    query.backward(gradientQuery, 1, residual);
    key.backward(gradientKey, 0, gradientX);
    value.backward(gradientValue, 1, gradientX);
    if (queries == tokens) {
      kernels.addInPlace(gradientX, 1, residual);
    } else {
      kernels.scatterAddRowsInPlace(gradientX, segments.queryRows(), queries, 1, residual);
    }
  }

  /** From the gradient of the layer's result to that of {@code h}, the middle of the layer. */
  private void backwardFeedForward(Matrix gradientY, Matrix gradientH) {
    int queries = gradientY.rows();
    outputNorm.backward(gradientY, gradientH);
    Matrix dropped = dropped(gradientH, outerSeed, scratch.rows(queries));
    outer.accumulate(activated.rows(queries), dropped);
    Matrix gradientActivated = scratch.innerRows(queries);
    outer.backward(dropped, 0, gradientActivated);
    // The activations have served: their memory takes the gradient before the GELU.
    Matrix gradientInner = activated.rows(queries);
    kernels.applyBackward(
        Elementwise.GELU, innerRows.rows(queries), gradientActivated, gradientInner);
    inner.accumulate(middle.rows(queries), gradientInner);
    inner.backward(gradientInner, 1, gradientH);
  }

  /** The gradient before a dropout: {@code gradient} itself when nothing is dropped. */
  private Matrix dropped(Matrix gradient, long seed, Matrix out) {
    if (dropout == 0) {
      return gradient;
    }
    kernels.dropout(gradient, dropout, seed, out);
    return out;
  }

  private Matrix probabilitiesOf(PackedSegments asked) {
    int[] offsets = asked.offsets();
    long count = 0;
    int segment = 0;
    for (int i = 0; i < asked.queries(); i++) {
      while (offsets[segment + 1] <= asked.queryRows()[i]) {
        segment++;
      }
      count += offsets[segment + 1] - offsets[segment];
    }
    int size = Math.toIntExact(count * config.heads());
    return probabilities.rows(size).reshaped(1, size);
  }
}
