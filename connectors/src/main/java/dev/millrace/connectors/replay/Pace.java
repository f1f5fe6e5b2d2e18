package dev.millrace.connectors.replay;

/** How fast records are sent. */
public sealed interface Pace {

  /** As fast as the broker takes them. */
  record Unlimited() implements Pace {}

  /**
   * The speed at which they happened, times a factor. A record whose time lies before that of the
   * first one is sent at once.
   *
   * @param factor positive; 60 replays an hour in a minute
   */
  record Speed(double factor) implements Pace {
    public Speed {
      requirePositive(factor, "speed");
    }
  }

  /**
   * So many a second, whatever their times.
   *
   * @param perSecond positive
   */
  record Rate(double perSecond) implements Pace {
    public Rate {
      requirePositive(perSecond, "rate");
    }
  }

  private static void requirePositive(double value, String name) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be a positive number, was " + value);
    }
  }
}
