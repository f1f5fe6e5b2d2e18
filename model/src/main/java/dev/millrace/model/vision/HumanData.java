package dev.millrace.model.vision;

/**
 * What human observers see.
 *
 * <p>Sensitivities by the castleCSF model (Ashraf et al., Journal of Vision 24, 2024) at the
 * conditions of the tests, thresholds of targets on masks, and contrasts that look alike across
 * frequencies: the measurements that arXiv 2502.20256 compares with, rounded to three to five
 * digits.
 */
final class HumanData {

  private static final double[][] SENSITIVITY = {
    {
      44.029, 54.655, 67.747, 85.379, 112.219, 140.79, 168.179, 190.762, 204.722, 207.049, 196.604,
      174.925, 145.843, 114.152, 84.144, 58.688, 38.866, 24.501, 14.733, 8.461
    },
    {
      84.432, 104.061, 127.609, 158.29, 203.35, 247.11, 282.84, 304, 306.196, 288.994, 256.067,
      213.788, 168.842, 126.579, 90.332, 61.566, 40.124, 25.02, 14.936, 8.537
    },
    {
      324.06, 351.911, 376.564, 395.887, 407.44, 408.866, 398.596, 376.709, 345.037, 306.816,
      265.776, 225.178, 187.269, 153.341, 123.913, 99.038, 78.364, 61.421, 47.711, 36.742
    },
    {
      43.932, 46.509, 48.51, 49.687, 49.785, 48.608, 46.102, 42.426, 37.912, 32.985, 28.048, 23.404,
      19.225, 15.59, 12.503, 9.938, 7.834, 6.126, 4.755, 3.665
    },
    {
      21.728, 27.032, 33.309, 40.643, 49.09, 58.663, 69.3, 80.892, 93.216, 105.941, 118.623,
      130.786, 141.992, 151.872, 160.189, 166.846, 171.939, 175.671, 178.298, 180.089
    },
    {
      23.394, 26.321, 29.578, 33.203, 37.226, 41.647, 46.508, 51.784, 57.477, 63.571, 69.959,
      76.627, 83.423, 90.24, 96.979, 103.411, 109.513, 115.122, 120.177, 124.685
    }
  };

  /** Contrast of the mask and threshold of the target. */
  private static final double[][] COHERENT = {
    {0.00788, 0.01923},
    {0.01266, 0.01377},
    {0.02011, 0.02064},
    {0.03116, 0.02313},
    {0.05009, 0.03347},
    {0.08052, 0.06669},
    {0.12943, 0.08313},
    {0.20305, 0.11284}
  };

  private static final double[][] INCOHERENT = {
    {0.00789, 0.0137},
    {0.01585, 0.01445},
    {0.03183, 0.01865},
    {0.0631, 0.02844},
    {0.09489, 0.03381},
    {0.12509, 0.0506}
  };

  private static final double[] MATCHING_FREQUENCIES = {0.25, 0.5, 1, 2, 5, 10, 15, 20, 25};
  private static final double[] REFERENCE_CONTRASTS = {
    0.6296, 0.3173, 0.1599, 0.0806, 0.0406, 0.0204, 0.0100, 0.0051
  };

  /** Row: contrast of the reference; column: frequency. */
  private static final double[][] MATCHES = {
    {0.6618, 0.6467, 0.6543, 0.6173, 0.6362, 0.6362, 0.6587, 0.8116, 0.6821},
    {0.3928, 0.2618, 0.2304, 0.2680, 0.3173, 0.3065, 0.3522, 0.3522, 0.3522},
    {0.1892, 0.1176, 0.1149, 0.1291, 0.1582, 0.1582, 0.1819, 0.1883, 0.1756},
    {0.1163, 0.0723, 0.0419, 0.0690, 0.0762, 0.0577, 0.0789, 0.1157, 0.1476},
    {0.0911, 0.0476, 0.0240, 0.0356, 0.0355, 0.0288, 0.0408, 0.0577, 0.1284},
    {0.0666, 0.0264, 0.0158, 0.0204, 0.0177, 0.0159, 0.0242, 0.0538, 0.1118},
    {0.0560, 0.0222, 0.0108, 0.0105, 0.0088, 0.0088, 0.0203, 0.0437, 0.0972},
    {0.0424, 0.0162, 0.0074, 0.0054, 0.0058, 0.0067, 0.0177, 0.0437, 0.0972}
  };

  private HumanData() {}

  /** Sensitivity, one over the contrast at the threshold, in one of the first six tests. */
  static double sensitivity(VisionTest test, int condition) {
    return SENSITIVITY[test.ordinal()][condition];
  }

  /** Contrast of the mask and threshold of the target, condition by condition. */
  static double[][] masking(VisionTest test) {
    return test == VisionTest.COHERENT_MASKING ? COHERENT : INCOHERENT;
  }

  static int matchingFrequencies() {
    return MATCHING_FREQUENCIES.length;
  }

  static double matchingFrequency(int index) {
    return MATCHING_FREQUENCIES[index];
  }

  static int referenceContrasts() {
    return REFERENCE_CONTRASTS.length;
  }

  static double referenceContrast(int index) {
    return REFERENCE_CONTRASTS[index];
  }

  static double match(int reference, int frequency) {
    return MATCHES[reference][frequency];
  }
}
