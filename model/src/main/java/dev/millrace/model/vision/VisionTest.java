package dev.millrace.model.vision;

/** The nine tests, in the order of their publication. */
public enum VisionTest {
  GABOR_ACHROMATIC("contrast detection, Gabor patches of 0.5 to 32 cycles per degree"),
  NOISE_ACHROMATIC("contrast detection, band-limited noise"),
  GABOR_RED_GREEN("contrast detection, red-green Gabor patches"),
  GABOR_YELLOW_VIOLET("contrast detection, yellow-violet Gabor patches"),
  LUMINANCE("contrast detection, background of 0.1 to 200 cd/m2"),
  AREA("contrast detection, radius of 0.1 to 1 degree"),
  COHERENT_MASKING("contrast masking by a grating of the same frequency"),
  INCOHERENT_MASKING("contrast masking by noise"),
  CONTRAST_CONSTANCY("contrast matching across frequencies; error, lower is better");

  private final String description;

  VisionTest(String description) {
    this.description = description;
  }

  public String description() {
    return description;
  }

  /** Whether a larger figure is more human-like: a rank correlation, else an error. */
  public boolean higherIsBetter() {
    return this != CONTRAST_CONSTANCY;
  }
}
