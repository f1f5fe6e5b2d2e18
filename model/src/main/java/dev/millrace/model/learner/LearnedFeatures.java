package dev.millrace.model.learner;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import dev.millrace.model.kernel.RunningWhitening;
import dev.millrace.model.kernel.Whitening;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The encoder's features, whitened by the covariance of the stream so far.
 *
 * <p>The whitening is symmetric, so that coordinates mean the same from one fit to the next and
 * vectors of neighbouring model versions can be compared. It is fitted anew every {@value #REFIT}
 * images; the first ones are served as they are, at unit length.
 */
final class LearnedFeatures implements ImageFeatures {

  private static final int VERSION_1 = 1;
  private static final int REFIT = 64;

  private final Kernels kernels;
  private final double floor;
  private final int width;
  private final RowBuffer norms;

  // state
  private RunningWhitening moments;
  private Whitening whitening;
  private long nextFit;

  LearnedFeatures(Kernels kernels, ImageLearnerConfig.Model model) {
    this.kernels = kernels;
    this.width = model.encoder().width();
    this.floor = model.whiteningFloor();
    this.moments = new RunningWhitening(width, model.whiteningDecay());
    this.nextFit = Math.max(REFIT, 2L * width);
    this.norms = new RowBuffer(kernels, 1);
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void embed(ImageModel.Served seen, Matrix out) {
    Matrix pooled = seen.pooled();
    if (whitening == null) {
      kernels.normalizeRows(pooled, out, norms.rows(pooled.rows()));
    } else {
      whitening.apply(pooled, out);
    }
  }

  @Override
  public void observeInPlace(ImageModel.Served seen) {
    moments.observe(seen.pooled());
    if (moments.seen() >= nextFit) {
      whitening = moments.fitSymmetric(kernels, floor);
      nextFit = moments.seen() + REFIT;
    }
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    moments.writeTo(out);
    out.writeLong(nextFit);
    out.writeBoolean(whitening != null);
    if (whitening != null) {
      whitening.writeTo(out);
    }
  }

  @Override
  public void readInPlace(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("learned features of version " + version + "; this build reads 1");
    }
    moments = RunningWhitening.read(in);
    nextFit = in.readLong();
    whitening = in.readBoolean() ? Whitening.read(in, kernels) : null;
  }
}
