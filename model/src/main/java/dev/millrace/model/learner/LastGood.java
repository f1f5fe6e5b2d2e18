package dev.millrace.model.learner;

import dev.millrace.model.kernel.CanonicalState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The last good state of a model, in memory, and how carefully it goes on after a roll-back.
 *
 * <p>Each roll-back halves the learning rate, down to a thousandth; each good state that is kept
 * doubles it again, up to what is scheduled.
 */
final class LastGood implements CanonicalState {

  private static final int VERSION_1 = 1;
  private static final double SMALLEST_FACTOR = 1.0 / 1024;

  private final CanonicalState model;
  private final Reading reading;
  private final int interval;

  // state
  private byte[] bytes;
  private int healthySteps;
  private double rateFactor = 1;
  private long rollBacks;

  /**
   * @param model writes what is kept
   * @param reading takes it back
   * @param interval healthy steps after which the model is kept
   */
  LastGood(CanonicalState model, Reading reading, int interval) {
    this.model = model;
    this.reading = reading;
    this.interval = interval;
    keep();
  }

  /** After some healthy steps. */
  void noteHealthyInPlace(int steps) {
    healthySteps += steps;
    if (healthySteps >= interval) {
      keep();
      rateFactor = Math.min(1, 2 * rateFactor);
    }
  }

  private void keep() {
    bytes = CanonicalState.bytesOf(model);
    healthySteps = 0;
  }

  /** The model is as it was when it was kept. */
  void rollBackInPlace() {
    CanonicalState.read(bytes, reading);
    slowDownInPlace(1);
  }

  /**
   * Goes on more carefully with the model as it is: what was taken back never reached it.
   *
   * @param count how often something was taken back
   */
  void slowDownInPlace(int count) {
    healthySteps = 0;
    rateFactor = Math.max(SMALLEST_FACTOR, rateFactor / 2);
    rollBacks += count;
  }

  /** What the scheduled learning rate is multiplied by, in (0, 1]. */
  double rateFactor() {
    return rateFactor;
  }

  long rollBacks() {
    return rollBacks;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION_1);
    out.writeInt(bytes.length);
    out.write(bytes);
    out.writeInt(healthySteps);
    out.writeDouble(rateFactor);
    out.writeLong(rollBacks);
  }

  void readInPlace(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION_1) {
      throw new IOException("a last good state of version " + version + "; this build reads 1");
    }
    bytes = new byte[in.readInt()];
    in.readFully(bytes);
    healthySteps = in.readInt();
    rateFactor = in.readDouble();
    rollBacks = in.readLong();
  }
}
