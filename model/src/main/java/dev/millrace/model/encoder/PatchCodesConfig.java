package dev.millrace.model.encoder;

import java.io.Serializable;

/**
 * Shape and constants of {@link PatchCodes}.
 *
 * @param side pixels of each side of a picture
 * @param patch pixels of each side of a patch, at most {@code side}
 * @param stride pixels from one patch to the next
 * @param atoms patches in the dictionary
 * @param threshold cosine from which a patch contains an atom, in [0, 1)
 * @param patchFloor added to each variance of patches before their whitening, as a part of their
 *     mean variance, above 0
 * @param warmUp pictures from which the dictionary is drawn, at most {@code kept}
 * @param kept pictures of the whole stream that are kept to fit the last whitening
 * @param patchStep every how manyth patch counts in the covariance of patches, at least 1
 * @param components kept of the code of a patch, at most {@code atoms}
 * @param ridge added to the variances of codes, as a part of their mean
 * @param cells parts of each side over which components are averaged
 * @param dimensions of the embedding, at most {@code components * cells * cells}
 * @param whiteningFloor the smallest variance that the last whitening divides by, as a part of the
 *     largest, in [0, 1]
 * @param growth components are solved anew when the stream has grown by this factor, above 1
 */
public record PatchCodesConfig(
    int side,
    int patch,
    int stride,
    int atoms,
    double threshold,
    double patchFloor,
    int warmUp,
    int kept,
    int patchStep,
    int components,
    double ridge,
    int cells,
    int dimensions,
    double whiteningFloor,
    double growth)
    implements Serializable {

  /** For pictures of 32 x 32. */
  public static final PatchCodesConfig STANDARD =
      new PatchCodesConfig(32, 6, 2, 1536, 0.2, 0.06, 2000, 4000, 8, 128, 1e-3, 3, 400, 1e-2, 2);

  public PatchCodesConfig {
    if (stride < 1
        || patch < 1
        || side < patch
        || cells < 1
        || 1 + (side - patch) / stride < cells) {
      throw new IllegalArgumentException(
          "patches of %d at stride %d in pictures of %d do not fill %d cells a side"
              .formatted(patch, stride, side, cells));
    }
    if (patchStep < 1 || patchStep > positions(side, patch, stride)) {
      throw new IllegalArgumentException(
          "patchStep is at least 1 and at most the patches of a picture, was " + patchStep);
    }
    if (warmUp < 2 || kept < warmUp) {
      throw new IllegalArgumentException(
          "warmUp is at least 2 and at most kept, were " + warmUp + " and " + kept);
    }
    if (atoms < 1 || (long) warmUp * positions(side, patch, stride) < atoms) {
      throw new IllegalArgumentException(
          "a dictionary of %d atoms cannot be drawn from the patches of %d pictures"
              .formatted(atoms, warmUp));
    }
    if (components < 1
        || components > atoms
        || dimensions < 1
        || dimensions > components * cells * cells) {
      throw new IllegalArgumentException(
          "components lie in 1 to %d and dimensions in 1 to components times %d, were %d and %d"
              .formatted(atoms, cells * cells, components, dimensions));
    }
    if (!(threshold >= 0 && threshold < 1) || !(patchFloor > 0) || !(ridge > 0)) {
      throw new IllegalArgumentException(
          "threshold lies in [0, 1), patchFloor and ridge above 0, were %s, %s and %s"
              .formatted(threshold, patchFloor, ridge));
    }
    if (!(whiteningFloor >= 0 && whiteningFloor <= 1) || !(growth > 1)) {
      throw new IllegalArgumentException(
          "whiteningFloor lies in [0, 1] and growth above 1, were "
              + whiteningFloor
              + " and "
              + growth);
    }
  }

  /** Patches of one picture. */
  public int positions() {
    return positions(side, patch, stride);
  }

  /** Values of one patch. */
  public int patchSize() {
    return 3 * patch * patch;
  }

  /** Bytes of one picture. */
  public int pictureBytes() {
    return 3 * side * side;
  }

  /** Values of a picture before the last whitening. */
  public int pooled() {
    return components * cells * cells;
  }

  private static int positions(int side, int patch, int stride) {
    int along = 1 + (side - patch) / stride;
    return along * along;
  }
}
