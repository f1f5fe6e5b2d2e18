package dev.millrace.model.vision;

/** Contrast masking, tests seven and eight: a target on a grating or on noise. */
final class MaskingTest implements PairTest {

  private final VisionTest test;
  private final Stimuli stimuli;
  private final boolean coherent;
  private final double frequency;
  private final double sigma;
  private final double luminance;
  private final double[] noise;

  MaskingTest(VisionTest test, Stimuli stimuli) {
    this.test = test;
    this.stimuli = stimuli;
    coherent = test == VisionTest.COHERENT_MASKING;
    frequency = coherent ? 2 : 1.2;
    sigma = coherent ? 0.5 : 0.8;
    luminance = coherent ? 32 : 37;
    noise = coherent ? new double[0] : stimuli.lowPass();
  }

  @Override
  public VisionTest test() {
    return test;
  }

  @Override
  public int conditions() {
    return HumanData.masking(test).length;
  }

  @Override
  public double frequency(int index) {
    return frequency;
  }

  @Override
  public Condition condition(int index) {
    double mask = HumanData.masking(test)[index][0];
    double threshold = HumanData.masking(test)[index][1];
    return new Condition() {
      @Override
      public void reference(double[] out) {
        paint(mask, 0, out);
      }

      @Override
      public void target(double multiple, double[] out) {
        paint(mask, multiple * threshold, out);
      }
    };
  }

  private void paint(double mask, double target, double[] out) {
    if (coherent) {
      stimuli.onGrating(frequency, sigma, luminance, mask, target, out);
    } else {
      stimuli.onNoise(noise, frequency, sigma, luminance, mask, target, out);
    }
  }
}
