package dev.millrace.model.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.cluster.CollapseGuard.Observation;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.SeededRandom;
import org.junit.jupiter.api.Test;

class CollapseGuardTest {

  private static final int GRACE = 5;

  private final Kernels kernels = new CpuKernels(1);
  private final CollapseGuard guard =
      new CollapseGuard(new GuardConfig(GRACE, 0.02, 0.5, 0.6, 0.99));

  private Prototypes prototypes(double decay) {
    return new Prototypes(
        kernels, new PrototypesConfig(8, 3, 0, decay, 0, 0, 1), new SeededRandom(1));
  }

  private Verdict after(int steps, Observation seen, Prototypes prototypes) {
    Verdict verdict = null;
    for (int i = 0; i < steps; i++) {
      verdict = guard.judgeInPlace(seen, prototypes);
    }
    return verdict;
  }

  @Test
  void nonFiniteValueIsFoundAtOnce() {
    assertThat(guard.judgeInPlace(new Observation(1, true, 0.5, false), prototypes(0)))
        .isEqualTo(Verdict.NON_FINITE);
    assertThat(guard.judgeInPlace(new Observation(1, true, Double.NaN, true), prototypes(0)))
        .isEqualTo(Verdict.NON_FINITE);
  }

  @Test
  void embeddingsThatAreOneAreACollapseAfterTheGrace() {
    Observation same = new Observation(1, true, 0.001, true);
    assertThat(after(GRACE, same, prototypes(0))).isEqualTo(Verdict.HEALTHY);
    assertThat(after(1, same, prototypes(0))).isEqualTo(Verdict.EMBEDDINGS_COLLAPSED);
  }

  @Test
  void copyGoesOnFromWhatTheGuardHasSeenAndLeavesItAlone() {
    Observation same = new Observation(1, true, 0.001, true);
    after(GRACE, same, prototypes(0));
    CollapseGuard copy = guard.copy();
    assertThat(copy.judgeInPlace(same, prototypes(0))).isEqualTo(Verdict.EMBEDDINGS_COLLAPSED);
    copy.resetInPlace();
    assertThat(guard.variance()).isEqualTo(0.001);
    assertThat(guard.judgeInPlace(same, prototypes(0))).isEqualTo(Verdict.EMBEDDINGS_COLLAPSED);
  }

  @Test
  void lossAtChanceIsPinnedWhereItTrainsTheEncoder() {
    double chance = Math.log(8);
    assertThat(after(GRACE + 1, new Observation(chance, true, 0.5, true), prototypes(0)))
        .isEqualTo(Verdict.LOSS_PINNED);
    guard.resetInPlace();
    assertThat(after(GRACE + 1, new Observation(chance, false, 0.5, true), prototypes(0)))
        .isEqualTo(Verdict.HEALTHY);
  }

  @Test
  void fewUsedPrototypesAreACollapse() {
    Prototypes used = prototypes(0);
    used.observeInPlace(new int[] {1, 2}, 2);
    assertThat(after(GRACE + 1, new Observation(1, true, 0.5, true), used))
        .isEqualTo(Verdict.PROTOTYPES_UNUSED);
  }

  @Test
  void onePrototypeThatTakesMostIsACollapse() {
    Prototypes used = prototypes(0.35);
    used.observeInPlace(new int[] {1}, 1);
    assertThat(used.usageEntropy()).isGreaterThan(0.5 * used.logCount());
    assertThat(after(GRACE + 1, new Observation(1, true, 0.5, true), used))
        .isEqualTo(Verdict.ONE_PROTOTYPE);
  }

  @Test
  void graceBeginsAnewAfterARollBack() {
    Observation same = new Observation(1, true, 0.001, true);
    after(GRACE + 1, same, prototypes(0));
    guard.resetInPlace();
    assertThat(after(GRACE, same, prototypes(0))).isEqualTo(Verdict.HEALTHY);
  }
}
