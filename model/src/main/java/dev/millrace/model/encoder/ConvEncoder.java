package dev.millrace.model.encoder;

import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.ConvShape;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Parameters;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A small residual convolutional network over pictures.
 *
 * <p>{@code h_0 = relu(norm(stem(x))); h_l = block_l(h_{l-1}); pooled = mean over pixels of h_L;
 * projected = head(pooled)}. Convolutions have no bias. Pictures are pixel-major, {@code (count *
 * side * side) x channels}: one row for each pixel, picture after picture.
 *
 * <p>{@code pooled: count x width} is what is served, {@code projected: count x projection} what an
 * objective takes, which normalises rows itself.
 *
 * <p>Activations live in a {@link ConvPass} of the caller, so that crops of several sizes can go
 * forward before the first goes back; each forward pass for training has batch statistics of its
 * own, as in the multi-crop training of Caron et al., NeurIPS 2020, and takes them into the running
 * statistics. Not thread safe.
 *
 * <p>He et al., Deep residual learning for image recognition, CVPR 2016, with the small stem for
 * small pictures of Chen et al., ICML 2020, section B.9.
 */
public final class ConvEncoder implements CanonicalState {

  private static final int VERSION = 1;

  /** Pictures of one evaluation call; more are done in turns, so that memory is bounded. */
  private static final int EVALUATED = 256;

  private final Kernels kernels;
  private final ConvEncoderConfig config;
  private final Parameters parameters;
  private final Parameters statistics;
  private final ConvUnit stem;
  private final ResidualBlock[] blocks;
  private final ProjectionHead head;
  private final GradientBuffers buffers;
  private final RowBuffer gradientPooled;
  private final RowBuffer embeddings;
  private ConvPass evaluation;

  /** An encoder with kernels and weights from N(0, 2 / inputs), norms of 1, biases of 0. */
  public ConvEncoder(Kernels kernels, ConvEncoderConfig config, SeededRandom random) {
    this.kernels = kernels;
    this.config = config;
    Parameters.Builder weights = Parameters.of(kernels);
    Parameters.Builder running = Parameters.of(kernels);
    boolean batch = config.norm().groups() == 0;
    stemLayout(config).declare(weights, running, batch);
    for (int i = 0; i < config.blocks().size(); i++) {
      for (ConvUnit.Layout layout : ResidualBlock.layouts(config, i)) {
        layout.declare(weights, running, batch);
      }
    }
    ProjectionHead.declare(weights, running, config);
    parameters = weights.build(random);
    statistics = running.build(random);
    buffers = new GradientBuffers(kernels);
    stem = new ConvUnit(kernels, stemLayout(config), config.norm(), parameters, statistics);
    blocks = new ResidualBlock[config.blocks().size()];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = new ResidualBlock(kernels, config, i, parameters, statistics, buffers);
    }
    head = new ProjectionHead(kernels, config, parameters, statistics);
    gradientPooled = new RowBuffer(kernels, config.width());
    embeddings = new RowBuffer(kernels, config.width());
  }

  private static ConvUnit.Layout stemLayout(ConvEncoderConfig config) {
    ConvEncoderConfig.Stem stem = config.stem();
    return new ConvUnit.Layout(
        "stem", config.channels(), stem.width(), stem.window(), stem.stride(), stem.padding());
  }

  public ConvEncoderConfig config() {
    return config;
  }

  /** Weights and their gradients. */
  public Parameters parameters() {
    return parameters;
  }

  /** Running means and variances, empty with group normalisation; their gradients stay 0. */
  public Parameters statistics() {
    return statistics;
  }

  /** Room for the activations of one size of crop. */
  public ConvPass newPass() {
    ResidualBlock.Pass[] passes = new ResidualBlock.Pass[blocks.length];
    for (int i = 0; i < passes.length; i++) {
      passes[i] = blocks[i].newPass();
    }
    return new ConvPass(kernels, this, stem.newPass(), passes, head.newPass());
  }

  /**
   * Forward pass for training, by batch statistics; changes the running ones.
   *
   * @param pictures {@code (count * side * side) x channels}; must stay as it is until the backward
   *     pass
   * @throws IllegalArgumentException if the pictures do not have that shape, are too small for the
   *     network, or a batch normalisation would see a single row
   */
  public void forwardForTraining(ConvPass pass, Matrix pictures, int count, int side) {
    forward(pass, true, pictures, count, side);
  }

  /** Forward pass by running statistics; there is no way back from it. */
  public void forward(ConvPass pass, Matrix pictures, int count, int side) {
    forward(pass, false, pictures, count, side);
  }

  private void forward(ConvPass pass, boolean training, Matrix pictures, int count, int side) {
    requireOwn(pass);
    ConvShape shape = config.stemShape(count, side);
    if (pictures.rows() != shape.rows() || pictures.columns() != config.channels()) {
      throw new IllegalArgumentException(
          "pictures are %s, expected %d x %d for %d of %d x %d"
              .formatted(pictures.shape(), shape.rows(), config.channels(), count, side, side));
    }
    pass.begin(count, training);
    Matrix x = stem.forward(pass.stem, training, pictures, shape, null, true);
    int height = shape.outHeight();
    int width = shape.outWidth();
    for (int i = 0; i < blocks.length; i++) {
      x = blocks[i].forward(pass.blocks[i], training, x, count, height, width);
      height = pass.blocks[i].outShape().outHeight();
      width = pass.blocks[i].outShape().outWidth();
    }
    kernels.columnMoments(x, pass.pooled(), pass.poolVariance());
    pass.end(head.forward(pass.head, training, pass.pooled()));
  }

  /**
   * Backward pass of a pass's last forward pass, once: adds to the gradients of the parameters.
   *
   * @param ofPooled gradient of {@code pooled}, {@code count x width}; null for none
   * @param ofProjected gradient of {@code projected}, {@code count x projection}; null for none
   */
  public void backward(ConvPass pass, Matrix ofPooled, Matrix ofProjected) {
    backward(pass, ofPooled, ofProjected, null);
  }

  /** The same, and writes the gradient of the pictures, shaped as they are, unless it is null. */
  void backward(ConvPass pass, Matrix ofPooled, Matrix ofProjected, Matrix ofPictures) {
    requireOwn(pass);
    pass.takeBack();
    Matrix pooled = gradientPooled.rows(pass.count());
    if (ofPooled == null) {
      kernels.fillInPlace(pooled, 0);
    } else {
      kernels.copy(ofPooled, pooled);
    }
    if (ofProjected != null) {
      head.backward(pass.head, ofProjected, pooled);
    }
    int rows = pass.lastShape().outRows();
    kernels.scaleInPlace(pooled, (double) pass.count() / rows);
    Matrix gradient = buffers.next(null, rows, config.width());
    kernels.gatherRows(pooled, pass.imageOfRow(), rows, gradient);
    for (int i = blocks.length - 1; i >= 0; i--) {
      gradient = blocks[i].backward(pass.blocks[i], gradient);
    }
    Matrix scratch = buffers.scratch(gradient.rows(), gradient.columns());
    stem.backward(pass.stem, gradient, scratch, 0, ofPictures);
  }

  private void requireOwn(ConvPass pass) {
    if (pass.owner != this) {
      throw new IllegalArgumentException("the pass was made by another encoder");
    }
  }

  /**
   * Pooled features by running statistics, some pictures at a time.
   *
   * @param pictures {@code (count * side * side) x channels}
   * @return {@code count x width}, overwritten by the next call
   */
  public Matrix embed(Matrix pictures, int count, int side) {
    if (evaluation == null) {
      evaluation = newPass();
    }
    Matrix result = embeddings.rows(count);
    int pixels = side * side;
    for (int from = 0; from < count; from += EVALUATED) {
      int to = Math.min(count, from + EVALUATED);
      forward(evaluation, pictures.rows(from * pixels, to * pixels), to - from, side);
      kernels.copy(evaluation.pooled(), result.rows(from, to));
    }
    return result;
  }

  /** Version, weights, running statistics; equal states write equal bytes. */
  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    parameters.writeTo(out);
    statistics.writeTo(out);
  }

  /**
   * Overwrites the state with what {@link #writeTo} wrote; passes under way are void.
   *
   * @throws IOException if the version or the shape of the encoder is another one
   */
  public void readInPlace(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "the stored encoder has version " + version + ", this build reads " + VERSION);
    }
    parameters.readInPlace(in);
    statistics.readInPlace(in);
  }

  /** The passes of all convolutions with the names of their units, for tests. */
  Map<String, ConvUnit.Pass> units(ConvPass pass) {
    Map<String, ConvUnit.Pass> units = new LinkedHashMap<>();
    units.put("stem", pass.stem);
    for (int i = 0; i < blocks.length; i++) {
      ConvUnit.Layout[] layouts = ResidualBlock.layouts(config, i);
      ConvUnit.Pass[] passes = blocks[i].units(pass.blocks[i]);
      for (int j = 0; j < passes.length; j++) {
        units.put(layouts[j].name(), passes[j]);
      }
    }
    return units;
  }
}
