package dev.millrace.model.vision;

/** Contrast detection, the first six tests: 20 values of frequency, luminance or area. */
record DetectionTest(VisionTest test, Stimuli stimuli) implements PairTest {

  private static final int CONDITIONS = 20;
  private static final double LUMINANCE = 100;

  @Override
  public int conditions() {
    return CONDITIONS;
  }

  @Override
  public double frequency(int index) {
    return switch (test) {
      case LUMINANCE -> 2;
      case AREA -> 8;
      default -> spaced(0.5, 32, index, CONDITIONS);
    };
  }

  private double luminance(int index) {
    return test == VisionTest.LUMINANCE ? spaced(0.1, 200, index, CONDITIONS) : LUMINANCE;
  }

  /** Degrees. */
  private double radius(int index) {
    if (test != VisionTest.AREA) {
      return 1;
    }
    return Math.sqrt(spaced(Math.PI * 0.01, Math.PI, index, CONDITIONS) / Math.PI);
  }

  private int axis() {
    return switch (test) {
      case GABOR_RED_GREEN -> ColourSpace.RED_GREEN;
      case GABOR_YELLOW_VIOLET -> ColourSpace.YELLOW_VIOLET;
      default -> ColourSpace.ACHROMATIC;
    };
  }

  @Override
  public Condition condition(int index) {
    double threshold = 1 / HumanData.sensitivity(test, index);
    return test == VisionTest.NOISE_ACHROMATIC
        ? new OnNoise(stimuli, stimuli.octave(frequency(index)), threshold)
        : new OnGrey(stimuli, axis(), frequency(index), radius(index), luminance(index), threshold);
  }

  /** {@code count} values from {@code first} to {@code last} with a constant ratio. */
  static double spaced(double first, double last, int index, int count) {
    double from = Math.log10(first);
    return Math.pow(10, from + (Math.log10(last) - from) * index / (count - 1));
  }

  private record OnGrey(
      Stimuli stimuli,
      int axis,
      double frequency,
      double radius,
      double luminance,
      double threshold)
      implements Condition {

    @Override
    public void reference(double[] out) {
      stimuli.background(luminance, out);
    }

    @Override
    public void target(double multiple, double[] out) {
      stimuli.gabor(axis, frequency, radius, luminance, threshold / multiple, out);
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record OnNoise(Stimuli stimuli, double[] noise, double threshold) implements Condition {

    @Override
    public void reference(double[] out) {
      stimuli.uniform(LUMINANCE, out);
    }

    @Override
    public void target(double multiple, double[] out) {
      stimuli.noise(noise, LUMINANCE, threshold / multiple, out);
    }
  }
}
