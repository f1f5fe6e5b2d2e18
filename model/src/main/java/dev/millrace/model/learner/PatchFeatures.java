package dev.millrace.model.learner;

import dev.millrace.model.augment.ImageViewConfig;
import dev.millrace.model.encoder.PatchCodes;
import dev.millrace.model.encoder.PatchCodesConfig;
import dev.millrace.model.encoder.PixelBytes;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Codes of patches, learned without a gradient. Zeros until their warm-up is over; each time that
 * they are solved anew their coordinates mean something else.
 */
final class PatchFeatures implements ImageFeatures {

  private final Kernels kernels;
  private final PatchCodesConfig config;
  private final double mean;
  private final double deviation;

  // state
  private PatchCodes codes;
  private long solutions;

  PatchFeatures(Kernels kernels, PatchCodesConfig config, ImageViewConfig views, long seed) {
    this.kernels = kernels;
    this.config = config;
    this.mean = views.mean();
    this.deviation = views.deviation();
    this.codes = new PatchCodes(kernels, config, seed);
  }

  @Override
  public int width() {
    return config.dimensions();
  }

  @Override
  public void embed(ImageModel.Served seen, Matrix out) {
    if (codes.isReady()) {
      codes.embed(PixelBytes.of(seen.pixels(), mean, deviation), out.rows(), out);
    } else {
      kernels.fillInPlace(out, 0);
    }
  }

  @Override
  public void observeInPlace(ImageModel.Served seen) {
    long before = codes.nextSolution();
    codes.learn(PixelBytes.of(seen.pixels(), mean, deviation), seen.pooled().rows());
    if (codes.nextSolution() != before) {
      solutions++;
    }
  }

  @Override
  public long basis() {
    return solutions;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeLong(solutions);
    codes.writeTo(out);
  }

  @Override
  public void readInPlace(DataInput in) throws IOException {
    solutions = in.readLong();
    codes = PatchCodes.read(in, kernels, config);
  }
}
