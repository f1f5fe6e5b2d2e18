package dev.millrace.model.encoder;

import dev.millrace.model.kernel.ConvShape;
import java.io.Serializable;
import java.util.List;

/**
 * Shape of a {@link ConvEncoder}.
 *
 * @param channels columns of a pixel, 3 for colour
 * @param stem first convolution
 * @param blocks residual blocks in order, at least one
 * @param norm how channels are normalised
 * @param head projection of the pooled features, for training
 */
public record ConvEncoderConfig(int channels, Stem stem, List<Block> blocks, Norm norm, Head head)
    implements Serializable {

  /**
   * The small encoder for pictures of 32 x 32: 32 channels at half the size, 64 at a quarter, 128
   * at an eighth, batch normalisation, a head of 128-256-64. 7.8 million multiply-adds a picture.
   */
  public static final ConvEncoderConfig STANDARD =
      new ConvEncoderConfig(
          3,
          new Stem(32, 4, 2, 1),
          List.of(new Block(64, 2), new Block(128, 2)),
          Norm.batch(),
          new Head(256, 64, true));

  public ConvEncoderConfig {
    blocks = List.copyOf(blocks);
    require(channels >= 1, "an encoder takes at least 1 channel, was " + channels);
    require(!blocks.isEmpty(), "an encoder needs at least one residual block");
    if (norm.groups() > 0) {
      requireGroups(norm.groups(), stem.width());
      for (Block block : blocks) {
        requireGroups(norm.groups(), block.width());
      }
    }
  }

  /**
   * The first convolution.
   *
   * @param width channels that it puts out
   * @param window side of its window
   * @param stride pixels from window to window
   * @param padding pixels of 0 around a picture, less than the window
   */
  public record Stem(int width, int window, int stride, int padding) implements Serializable {
    public Stem {
      require(
          width >= 1 && window >= 1 && stride >= 1,
          "width, window and stride of the stem are at least 1, were %d, %d and %d"
              .formatted(width, window, stride));
      require(
          padding >= 0 && padding < window,
          "the padding of the stem lies in 0 to %d, was %d".formatted(window - 1, padding));
    }
  }

  /**
   * Two 3 x 3 convolutions beside a shortcut: the identity where stride is 1 and the width stays, a
   * normalised 1 x 1 convolution elsewhere.
   *
   * @param width channels that it puts out
   * @param stride of its first convolution and of its shortcut
   */
  public record Block(int width, int stride) implements Serializable {
    public Block {
      require(
          width >= 1 && stride >= 1,
          "width and stride of a block are at least 1, were %d and %d".formatted(width, stride));
    }
  }

  /**
   * Normalisation of channels.
   *
   * @param groups 0 for batch normalisation, else the groups of group normalisation, which divide
   *     every width; the head is then normalised over all its features
   * @param epsilon added to each variance, above 0
   * @param momentum share of the batch in the running statistics, in (0, 1]
   */
  public record Norm(int groups, double epsilon, double momentum) implements Serializable {
    public Norm {
      require(groups >= 0, "the number of groups is at least 0, was " + groups);
      require(epsilon > 0, "epsilon is above 0, was " + epsilon);
      require(momentum > 0 && momentum <= 1, "momentum lies in (0, 1], was " + momentum);
    }

    /** Ioffe and Szegedy, Batch normalization, ICML 2015, with the usual constants. */
    public static Norm batch() {
      return new Norm(0, 1e-5, 0.1);
    }

    /** Wu and He, Group normalization, ECCV 2018. */
    public static Norm group(int groups) {
      require(groups >= 1, "group normalisation has at least 1 group, was " + groups);
      return new Norm(groups, 1e-5, 0.1);
    }
  }

  /**
   * The projection head, linear - ReLU - linear.
   *
   * @param inner width between the two
   * @param width width of the result
   * @param normalized whether the inner features are normalised before the ReLU; the first linear
   *     map then has no bias
   */
  public record Head(int inner, int width, boolean normalized) implements Serializable {
    public Head {
      require(
          inner >= 1 && width >= 1,
          "inner and width of the head are at least 1, were %d and %d".formatted(inner, width));
    }
  }

  /** Width of the pooled features. */
  public int width() {
    return blocks.get(blocks.size() - 1).width();
  }

  /**
   * Multiply-adds of the forward pass of one picture.
   *
   * @throws IllegalArgumentException if the picture is too small for a window
   */
  public long multiplyAdds(int side) {
    ConvShape shape = stemShape(1, side);
    long sum = (long) shape.outRows() * shape.taps() * stem.width();
    int in = stem.width();
    int size = shape.outHeight();
    for (Block block : blocks) {
      ConvShape first = new ConvShape(1, size, size, in, 3, block.stride(), 1);
      long perTap = (long) first.outRows() * block.width();
      boolean projected = block.stride() != 1 || in != block.width();
      sum += perTap * (first.taps() + 9L * block.width() + (projected ? in : 0));
      in = block.width();
      size = first.outHeight();
    }
    return sum + (long) head.inner() * (in + head.width());
  }

  ConvShape stemShape(int count, int side) {
    return new ConvShape(count, side, side, channels, stem.window(), stem.stride(), stem.padding());
  }

  private static void requireGroups(int groups, int width) {
    require(
        width % groups == 0,
        "the groups of the normalisation must divide every width, were %d and %d"
            .formatted(groups, width));
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
