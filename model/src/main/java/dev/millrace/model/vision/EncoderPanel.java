package dev.millrace.model.vision;

import java.util.List;

/** Several encoders that are shown the same images. */
record EncoderPanel(List<VisionEncoder> encoders) {

  int count() {
    return encoders.size();
  }

  /** Embeddings that outlive the image, encoder by encoder. */
  double[][] encode(double[] image) {
    double[][] embeddings = new double[count()][];
    for (int i = 0; i < count(); i++) {
      embeddings[i] = encoders.get(i).encode(image).clone();
    }
    return embeddings;
  }

  /** Angle between what an encoder gives for an image and an embedding of before. */
  double angle(int encoder, double[] image, double[] reference) {
    return Statistics.angle(encoders.get(encoder).encode(image), reference);
  }
}
