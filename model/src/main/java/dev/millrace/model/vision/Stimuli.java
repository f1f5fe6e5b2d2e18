package dev.millrace.model.vision;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Paints what observers were shown: Gabor patches, band noise, gratings and masks, with luminance
 * in cd/m2 and encoded for the display.
 *
 * <p>Positions of {@code n} pixels run from {@code -n/2} to {@code n/2} (in masks from 0 to {@code
 * n} pixels, in degrees) with both ends included, so a pixel is {@code n / (n - 1)} of its nominal
 * size: the published figures are of such images.
 */
final class Stimuli {

  private static final double DARKEST = 1e-4;
  private static final double LOW_PASS = 12;

  private final int size;
  private final double pixelsPerDegree;
  private final BandNoise noise;

  /** Position from the centre and from the edge, in degrees. */
  private final double[] centred;

  private final double[] fromEdge;

  Stimuli(VisionConfig config) {
    size = config.size();
    pixelsPerDegree = config.pixelsPerDegree();
    noise = new BandNoise(size, pixelsPerDegree, config.seed());
    centred = new double[size];
    fromEdge = new double[size];
    for (int i = 0; i < size; i++) {
      fromEdge[i] = i * (size / pixelsPerDegree) / (size - 1);
      centred[i] = (i * (double) size / (size - 1) - size / 2.0) / pixelsPerDegree;
    }
  }

  /** The grey on which a Gabor patch lies. */
  void background(double luminance, double[] out) {
    double[] colour = ColourSpace.background();
    for (int i = 0; i < out.length; i++) {
      out[i] = ColourSpace.encoded(colour[i % 3] * luminance);
    }
  }

  /**
   * {@code exp(-(x^2 + y^2) / (2 R^2)) sin(2 pi rho x) c L} added to an axis of colour.
   *
   * @param radius {@code R} in degrees
   */
  void gabor(
      int axis, double frequency, double radius, double luminance, double contrast, double[] out) {
    double[] colour = ColourSpace.background();
    double[] direction = ColourSpace.direction(axis);
    double[] across = new double[size];
    double[] down = new double[size];
    for (int i = 0; i < size; i++) {
      down[i] = Math.exp(-centred[i] * centred[i] / (2 * radius * radius));
      across[i] = down[i] * Math.sin(2 * Math.PI * frequency * centred[i]) * contrast * luminance;
    }
    int line = 3 * size;
    // Upper and lower half mirror each other; the display's curve is what costs.
    for (int y = 0; y < (size + 1) / 2; y++) {
      int at = y * line;
      for (int x = 0; x < size; x++) {
        double s = across[x] * down[y];
        for (int c = 0; c < 3; c++, at++) {
          double linear = colour[c] * luminance + direction[c] * s;
          out[at] = ColourSpace.encoded(Math.max(DARKEST, linear));
        }
      }
      System.arraycopy(out, y * line, out, (size - 1 - y) * line, line);
    }
  }

  /** Noise from {@code rho / sqrt 2} to {@code rho sqrt 2}, unit deviation. */
  double[] octave(double frequency) {
    return noise.band(frequency / Math.sqrt(2), frequency * Math.sqrt(2));
  }

  /** Noise of up to 12 cycles per degree, unit deviation. */
  double[] lowPass() {
    return noise.band(0, LOW_PASS);
  }

  /** {@code L + n L c}. */
  void noise(double[] noise, double luminance, double contrast, double[] out) {
    grey(i -> Math.max(DARKEST, luminance + noise[i] * luminance * contrast), out);
  }

  /** {@code L}. */
  void uniform(double luminance, double[] out) {
    double value = ColourSpace.encoded(luminance);
    Arrays.fill(out, value);
  }

  /** {@code L + c L sin(2 pi rho x)}. */
  void grating(double frequency, double luminance, double contrast, double[] out) {
    double[] line = new double[size];
    for (int x = 0; x < size; x++) {
      double wave = Math.sin(2 * Math.PI * frequency * centred[x]);
      line[x] = ColourSpace.encoded(luminance + contrast * luminance * wave);
    }
    for (int i = 0; i < size * size; i++) {
      setGrey(out, i, line[i % size]);
    }
  }

  /**
   * A grating {@code c_m L cos(2 pi rho x)} on {@code L}, with a target {@code c_t L cos(2 pi rho
   * x) exp(-r^2 / (2 sigma^2))} on it; {@code r} from the centre.
   */
  void onGrating(
      double frequency, double sigma, double luminance, double mask, double target, double[] out) {
    double[] wave = wave(frequency, luminance);
    double[] envelope = envelope(sigma);
    grey(
        i -> {
          double bump = envelope[i / size] * envelope[i % size];
          return Math.max(0, luminance + wave[i % size] * (mask + target * bump));
        },
        out);
  }

  /** The same target on {@code L + c_m L n}. */
  void onNoise(
      double[] noise,
      double frequency,
      double sigma,
      double luminance,
      double mask,
      double target,
      double[] out) {
    double[] wave = wave(frequency, luminance);
    double[] envelope = envelope(sigma);
    grey(
        i -> {
          double bump = envelope[i / size] * envelope[i % size];
          double masked = luminance + mask * luminance * noise[i];
          return Math.max(DARKEST, masked + wave[i % size] * target * bump);
        },
        out);
  }

  private double[] wave(double frequency, double luminance) {
    double[] wave = new double[size];
    for (int x = 0; x < size; x++) {
      wave[x] = luminance * Math.cos(2 * Math.PI * frequency * fromEdge[x]);
    }
    return wave;
  }

  private double[] envelope(double sigma) {
    double[] envelope = new double[size];
    double centre = size / pixelsPerDegree / 2;
    for (int i = 0; i < size; i++) {
      double distance = fromEdge[i] - centre;
      envelope[i] = Math.exp(-distance * distance / (2 * sigma * sigma));
    }
    return envelope;
  }

  private void grey(IntToDoubleFunction luminance, double[] out) {
    for (int i = 0; i < size * size; i++) {
      setGrey(out, i, ColourSpace.encoded(luminance.applyAsDouble(i)));
    }
  }

  private static void setGrey(double[] out, int pixel, double value) {
    out[3 * pixel] = value;
    out[3 * pixel + 1] = value;
    out[3 * pixel + 2] = value;
  }
}
