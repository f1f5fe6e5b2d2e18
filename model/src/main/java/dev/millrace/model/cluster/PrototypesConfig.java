package dev.millrace.model.cluster;

import java.io.Serializable;

/**
 * How {@link Prototypes} live.
 *
 * @param count number K of prototypes, at least 2
 * @param width columns of an embedding
 * @param freezeSteps steps at the start during which they do not move
 * @param usageDecay share of the running usage that a step keeps, in [0, 1)
 * @param relaxation weight rho of the running usage in the column targets, in [0, 1); 0 for equal
 *     targets
 * @param deadShare a prototype whose running usage is below this share of 1/K is dead, in [0, 1); 0
 *     for never
 * @param reseedSteps steps between two looks for dead prototypes, at least 1
 */
public record PrototypesConfig(
    int count,
    int width,
    int freezeSteps,
    double usageDecay,
    double relaxation,
    double deadShare,
    int reseedSteps)
    implements Serializable {

  public PrototypesConfig {
    if (count < 2 || width < 1) {
      throw new IllegalArgumentException(
          "at least 2 prototypes of at least 1 column, were " + count + " of " + width);
    }
    if (freezeSteps < 0 || reseedSteps < 1) {
      throw new IllegalArgumentException(
          "freezeSteps is at least 0 and reseedSteps at least 1, were "
              + freezeSteps
              + " and "
              + reseedSteps);
    }
    requireShare("usageDecay", usageDecay);
    requireShare("relaxation", relaxation);
    requireShare("deadShare", deadShare);
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " lies in [0, 1), was " + value);
    }
  }
}
