package dev.millrace.model.learner;

import dev.millrace.model.data.Picture;
import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Matrix;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;

/**
 * A part of the served vector of an image: what it makes of the image and of the encoder's
 * features, and what it learns from them without gradients.
 */
interface ImageFeatures extends CanonicalState {

  /** Length of its part. */
  int width();

  /**
   * Its part for images, by what it knows.
   *
   * @param pooled features by the averaged encoder, {@code n x width of the encoder}
   * @param out {@code n x width}, rows of unit length, or zeros before it knows anything
   */
  void embed(List<Picture> pictures, Matrix pooled, Matrix out);

  /** Learns from images that have been embedded. */
  void observeInPlace(List<Picture> pictures, Matrix pooled);

  /** Takes over what {@link #writeTo} wrote. */
  void readInPlace(DataInput in) throws IOException;
}
