package dev.millrace.model.encoder;

import dev.millrace.model.kernel.ConvShape;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;

/**
 * The activations of one forward pass of a {@link ConvEncoder}, for its backward pass.
 *
 * <p>One for each size of crop: all sizes go forward, each into its own pass, before the first one
 * goes back. Used again for the next batch, whatever its count and size; memory grows to the
 * largest.
 */
public final class ConvPass {

  final ConvEncoder owner;
  final ConvUnit.Pass stem;
  final ResidualBlock.Pass[] blocks;
  final ProjectionHead.Pass head;
  private final RowBuffer pooled;
  private final RowBuffer variance;
  private Matrix projected;
  private int count;
  private boolean training;
  private int[] imageOfRow = new int[0];
  private int rowsOfImage;

  ConvPass(
      Kernels kernels,
      ConvEncoder owner,
      ConvUnit.Pass stem,
      ResidualBlock.Pass[] blocks,
      ProjectionHead.Pass head) {
    this.owner = owner;
    this.stem = stem;
    this.blocks = blocks;
    this.head = head;
    this.pooled = new RowBuffer(kernels, owner.config().width());
    this.variance = new RowBuffer(kernels, owner.config().width());
  }

  void begin(int newCount, boolean newTraining) {
    count = newCount;
    training = newTraining;
    projected = null;
  }

  void end(Matrix newProjected) {
    projected = newProjected;
  }

  /** Ends the use of the activations: they go back once. */
  void takeBack() {
    if (projected == null || !training) {
      throw new IllegalStateException(
          "there is no forward pass for training to go back through: forward, then backward once");
    }
    projected = null;
  }

  /** Number of images of the last forward pass. */
  public int count() {
    return count;
  }

  /** Mean over the pixels of the last block, {@code count x width}. */
  public Matrix pooled() {
    return pooled.rows(count);
  }

  /**
   * Result of the projection head, {@code count x projection}, not of unit length.
   *
   * @throws IllegalStateException before a forward pass and after its backward pass
   */
  public Matrix projected() {
    if (projected == null) {
      throw new IllegalStateException("this pass holds no projection: call forward first");
    }
    return projected;
  }

  /** Room for a by-product of pooling. */
  Matrix poolVariance() {
    return variance.rows(count);
  }

  ConvShape lastShape() {
    return blocks[blocks.length - 1].outShape();
  }

  /** Image of each row of the last block's result. */
  int[] imageOfRow() {
    int pixels = lastShape().outRows() / count;
    int rows = count * pixels;
    if (imageOfRow.length < rows || rowsOfImage != pixels) {
      rowsOfImage = pixels;
      imageOfRow = new int[rows];
      for (int i = 0; i < rows; i++) {
        imageOfRow[i] = i / pixels;
      }
    }
    return imageOfRow;
  }
}
