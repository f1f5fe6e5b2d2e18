package dev.millrace.model.learner;

import dev.millrace.model.data.Picture;
import dev.millrace.model.eval.PrequentialNeighbours;
import java.util.List;

/**
 * What the image stream is classified by, and what serves its vectors: labelled images before, and
 * features that are learned without gradients. Images are tested on, then taken in.
 */
final class ImageNeighbours {

  private final int capacity;
  private final ImageServing serving;
  private final ServedVectors served;
  private final PrequentialNeighbours neighbours;
  private final ImageRing ring;

  ImageNeighbours(
      ImageLearnerConfig config,
      ImageServing serving,
      ServedVectors served,
      PrequentialNeighbours neighbours,
      ImageRing ring) {
    this.capacity = config.output().neighbours();
    this.serving = serving;
    this.served = served;
    this.neighbours = neighbours;
    this.ring = ring;
  }

  /** Classifies images by those before them, and keeps the labelled ones. */
  void testInPlace(float[][] vectors, int[] labels) {
    neighbours.classifyThenKeep(serving.matrix(vectors), labels);
  }

  /** Features learn images; afterwards {@link #settleInPlace}. */
  void takeInPlace(ImageModel.Served seen) {
    served.observeInPlace(seen);
  }

  /** Changes when older vectors compare no more with new ones. */
  long basis() {
    return served.basis();
  }

  /** Where the basis is no more what it was, images of the ring take the places of old vectors. */
  void settleInPlace(long basisBefore) {
    if (served.basis() == basisBefore) {
      return;
    }
    List<ImageExample> labelled = ring.examples().stream().filter(e -> e.label() >= 0).toList();
    int from = Math.max(0, labelled.size() - capacity);
    List<ImageExample> kept = labelled.subList(from, labelled.size());
    List<Picture> pictures = kept.stream().map(ImageExample::picture).toList();
    neighbours.replaceKept(
        serving.matrix(serving.embed(pictures)),
        kept.stream().mapToInt(ImageExample::label).toArray());
  }
}
