package dev.millrace.model.learner;

import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.Matrix;
import java.io.DataInput;
import java.io.IOException;

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
   * @param seen the images and their features by the averaged encoder
   * @param out {@code n x width}, rows of unit length, or zeros before it knows anything
   */
  void embed(ImageModel.Served seen, Matrix out);

  /** Learns from images that have been embedded. */
  void observeInPlace(ImageModel.Served seen);

  /** Changes when its coordinates take on another meaning, so that older rows compare no more. */
  default long basis() {
    return 0;
  }

  /** Takes over what {@link #writeTo} wrote. */
  void readInPlace(DataInput in) throws IOException;
}
