package dev.millrace.model.learner;

import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The vectors that are served: parts side by side, each by its weight. */
final class ServedVectors implements CanonicalState {

  /** A part with its weight and a matrix for its rows. */
  private record Part(ImageFeatures features, double weight, RowBuffer rows) {}

  private final Kernels kernels;
  private final List<Part> parts = new ArrayList<>();
  private int width;

  ServedVectors(Kernels kernels) {
    this.kernels = kernels;
  }

  /** What a configuration serves. */
  static ServedVectors of(Kernels kernels, ImageLearnerConfig config) {
    ServedVectors served = new ServedVectors(kernels);
    ImageLearnerConfig.Model shape = config.model();
    LearnedFeatures learned = new LearnedFeatures(kernels, shape);
    if (shape.patches() == null) {
      served.add(learned, 1);
    } else {
      served.add(new PatchFeatures(kernels, shape.patches(), config.views(), config.seed()), 1);
      served.add(learned, shape.learnedWeight());
    }
    return served;
  }

  /** Appends a part; its rows have length 1 and are multiplied by the weight. */
  void add(ImageFeatures features, double weight) {
    parts.add(new Part(features, weight, new RowBuffer(kernels, features.width())));
    width += features.width();
  }

  int width() {
    return width;
  }

  /** Changes when older vectors compare no more with new ones. */
  long basis() {
    return parts.stream().mapToLong(part -> part.features().basis()).sum();
  }

  /** Vectors of images, {@code n x width}. */
  float[][] embed(ImageModel.Served seen) {
    int count = seen.pooled().rows();
    float[][] vectors = new float[count][width];
    int at = 0;
    for (Part part : parts) {
      int own = part.features().width();
      Matrix rows = part.rows().rows(count);
      part.features().embed(seen, rows);
      float[] values = new float[count * own];
      rows.copyTo(values, 0);
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < own; j++) {
          vectors[i][at + j] = (float) (part.weight() * values[i * own + j]);
        }
      }
      at += own;
    }
    return vectors;
  }

  void observeInPlace(ImageModel.Served seen) {
    parts.forEach(part -> part.features().observeInPlace(seen));
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(parts.size());
    for (Part part : parts) {
      part.features().writeTo(out);
    }
  }

  void readInPlace(DataInput in) throws IOException {
    int count = in.readInt();
    if (count != parts.size()) {
      throw new IOException("the state has " + count + " parts of a vector, not " + parts.size());
    }
    for (Part part : parts) {
      part.features().readInPlace(in);
    }
  }
}
