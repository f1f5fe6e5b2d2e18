package dev.millrace.model.encoder;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.PackedSegments;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Parameters;

/**
 * The causal post-LN Transformer over sequences of items.
 *
 * <p>{@code x_0 = drop(LN(E_t + P_position)); x_l = layer_l(x_{l-1})}; the result is {@code x_L} at
 * the positions asked for. A layer is causal multi-head attention and a two-layer feed-forward part
 * with GELU (exact, by erf), each followed by dropout, the residual and layer normalisation. There
 * is no final projection: rows of the result are compared with rows of the item table.
 *
 * <p>Sequences are packed row after row, so nothing is computed for padding, and the last layer
 * computes queries, attention and the feed-forward part for the positions asked for alone.
 *
 * <p>All matrices it returns are its own and are overwritten by the next call. No native memory is
 * allocated once the largest batch has been seen. Not thread safe.
 *
 * <p>Kang and McAuley, Self-attentive sequential recommendation, ICDM 2018; in the post-LN form of
 * Qin et al., Meta-optimized contrastive learning for sequential recommendation, SIGIR 2023.
 */
public final class TransformerEncoder {

  /** Standard deviation of the initial weights. */
  private static final double INITIAL_DEVIATION = 0.02;

  private final Kernels kernels;
  private final EncoderConfig config;
  private final Parameters parameters;
  private final Matrix position;
  private final Matrix positionGradient;
  private final LayerNorm norm;
  private final EncoderLayer[] layers;

  private final RowBuffer sums;
  private final RowBuffer embedded;
  private final RowBuffer gradient;
  private final RowBuffer nextGradient;

  /** The batch of the last forward pass. */
  private SequenceBatch batch;

  private Matrix[] hidden;
  private double embeddingDropout;
  private long embeddingSeed;

  /** An encoder with weights drawn from N(0, 0.02), biases of 0 and normalisations of 1. */
  public TransformerEncoder(Kernels kernels, EncoderConfig config, SeededRandom random) {
    this(kernels, config, INITIAL_DEVIATION, random);
  }

  /**
   * An encoder with weights of another standard deviation.
   *
   * @param deviation of the weights of the layers; position embeddings keep 0.02
   */
  public TransformerEncoder(
      Kernels kernels, EncoderConfig config, double deviation, SeededRandom random) {
    this.kernels = kernels;
    this.config = config;
    this.parameters = declare(kernels, config, deviation).build(random);
    this.position = parameters.value("positionEmbedding");
    this.positionGradient = parameters.gradient("positionEmbedding");
    this.norm =
        new LayerNorm(
            kernels,
            config.epsilon(),
            parameters.value("normWeight"),
            parameters.value("normBias"),
            parameters.gradient("normWeight"),
            parameters.gradient("normBias"));
    Scratch scratch = new Scratch(kernels, config);
    this.layers = new EncoderLayer[config.layers()];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = new EncoderLayer(kernels, config, parameters, i, scratch);
    }
    this.hidden = new Matrix[layers.length + 1];
    this.sums = new RowBuffer(kernels, config.width());
    this.embedded = new RowBuffer(kernels, config.width());
    this.gradient = new RowBuffer(kernels, config.width());
    this.nextGradient = new RowBuffer(kernels, config.width());
  }

  private static Parameters.Builder declare(
      Kernels kernels, EncoderConfig config, double deviation) {
    int width = config.width();
    Parameters.Builder builder =
        Parameters.of(kernels)
            .normal("positionEmbedding", config.maxLength(), width, INITIAL_DEVIATION)
            .ones("normWeight", 1, width)
            .zeros("normBias", 1, width);
    for (int i = 0; i < config.layers(); i++) {
      EncoderLayer.declare(builder, config, i, deviation);
    }
    return builder;
  }

  public EncoderConfig config() {
    return config;
  }

  /** Weights and their gradients. */
  public Parameters parameters() {
    return parameters;
  }

  /**
   * Forward pass without dropout, for scoring.
   *
   * @param tokenRows row of the item table for each token, {@code T x width}
   * @return {@code queries x width}
   */
  public Matrix forward(SequenceBatch batch, Matrix tokenRows) {
    return forward(batch, tokenRows, new Dropout(0, 0, 0));
  }

  /**
   * Forward pass with dropout, for training. Batch and token rows must stay as they are until the
   * backward pass.
   *
   * @param tokenRows row of the item table for each token, {@code T x width}
   * @param seed seed of all dropout masks of this call
   * @return {@code queries x width}
   * @throws IllegalArgumentException if a sequence is longer than the configuration allows, nothing
   *     is asked for, or the rows do not fit the batch
   */
  public Matrix forwardForTraining(SequenceBatch batch, Matrix tokenRows, long seed) {
    return forward(
        batch, tokenRows, new Dropout(config.hiddenDropout(), config.attentionDropout(), seed));
  }

  private Matrix forward(SequenceBatch given, Matrix tokenRows, Dropout dropout) {
    require(given, tokenRows);
    batch = given;
    int tokens = given.tokenCount();
    Matrix sum = sums.rows(tokens);
    kernels.gatherRows(position, given.positions(), tokens, sum);
    kernels.addInPlace(sum, 1, tokenRows);
    Matrix x = embedded.rows(tokens);
    norm.forward(sum, x);
    embeddingDropout = dropout.hidden();
    embeddingSeed = dropout.nextSeed();
    if (embeddingDropout > 0) {
      kernels.dropout(x, embeddingDropout, embeddingSeed, x);
    }
    hidden[0] = x;
    PackedSegments everywhere = given.everywhere();
    for (int i = 0; i < layers.length; i++) {
      boolean last = i == layers.length - 1;
      hidden[i + 1] = layers[i].forward(hidden[i], last ? given.asked() : everywhere, dropout);
    }
    return hidden[layers.length];
  }

  private void require(SequenceBatch given, Matrix tokenRows) {
    if (given.longest() > config.maxLength()) {
      throw new IllegalArgumentException(
          "a sequence of "
              + given.longest()
              + " items, this encoder takes at most "
              + config.maxLength()
              + ": cut the oldest items off");
    }
    if (given.queries() == 0) {
      throw new IllegalArgumentException("the batch asks for no position");
    }
    if (tokenRows.rows() != given.tokenCount() || tokenRows.columns() != config.width()) {
      throw new IllegalArgumentException(
          "token rows are "
              + tokenRows.shape()
              + ", expected "
              + given.tokenCount()
              + " x "
              + config.width());
    }
  }

  /** What layer {@code level} of the last forward pass put out; level 0 is the embedding. */
  Matrix hidden(int level) {
    return hidden[level];
  }

  /**
   * Backward pass of the last forward pass, once: adds to the gradients of the parameters.
   *
   * @param gradientOfResult {@code queries x width}, left as it is
   * @return gradient of the token rows, {@code T x width}
   */
  public Matrix backward(Matrix gradientOfResult) {
    if (batch == null) {
      throw new IllegalStateException("there is no forward pass to go back through");
    }
    int tokens = batch.tokenCount();
    int[] positions = batch.positions();
    batch = null;
    Matrix upstream = gradientOfResult;
    RowBuffer target = gradient;
    for (int i = layers.length - 1; i >= 0; i--) {
      layers[i].backward(upstream, target.rows(tokens));
      upstream = target.rows(tokens);
      target = target == gradient ? nextGradient : gradient;
    }
    if (embeddingDropout > 0) {
      kernels.dropout(upstream, embeddingDropout, embeddingSeed, upstream);
    }
    Matrix result = target.rows(tokens);
    norm.backward(upstream, result);
    kernels.scatterAddRowsInPlace(positionGradient, positions, tokens, 1, result);
    return result;
  }
}
