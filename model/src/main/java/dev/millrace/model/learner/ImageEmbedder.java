package dev.millrace.model.learner;

import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Picture;
import java.util.List;

/**
 * What a model of images makes of them as it is. Nothing is learned or counted. Not thread safe.
 */
public interface ImageEmbedder extends AutoCloseable {

  /** What would be published for images now. */
  List<ImageEmbedding> describe(List<ImageEvent> events);

  /**
   * The vectors that images would get now.
   *
   * @return one for each picture, of the published length
   */
  float[][] embed(List<Picture> pictures);

  /** The nearest prototype of each picture. */
  int[] clusters(List<Picture> pictures);

  /**
   * What the averaged encoder makes of an image, before whitening.
   *
   * @param image {@code 3 s^2} display values in [0, 1], {@code s} the size of a large crop;
   *     row-major, red, green and blue side by side
   */
  double[] encode(double[] image);

  /** Releases threads and native memory. */
  @Override
  void close();
}
