package dev.millrace.model.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.objective.Objectives;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every reference vector of everything that is registered, on every implementation of the kernels.
 *
 * <p>{@code -Dreference.vectors=DIR} takes the vectors of another folder instead of the bundled
 * ones.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReferenceVectorsTest {

  private final Map<String, ReferenceRunner> runners = ReferenceRunners.all();
  private final ReferenceReport report = new ReferenceReport();
  private List<ReferenceCase> cases;

  @BeforeAll
  void read() {
    cases = ReferenceCase.all();
  }

  @AfterAll
  void publish() throws IOException {
    Set<String> missing = new TreeSet<>(objectivesOf(cases));
    missing.removeAll(runners.keySet());
    report.publish(
        missing.isEmpty() ? List.of() : List.of("Vectors without an implementation: " + missing));
  }

  @ParameterizedTest
  @EnumSource
  void everyVectorIsReproduced(TestKernels implementation) {
    List<String> failures = new ArrayList<>();
    try (Kernels kernels = implementation.create()) {
      for (ReferenceCase reference : cases) {
        ReferenceRunner runner = runners.get(reference.objective());
        if (runner != null) {
          compare(reference, runner, kernels, implementation, failures);
        }
      }
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void everyRegisteredObjectiveHasAVector() {
    assertThat(objectivesOf(ReferenceCase.bundled()))
        .containsAll(Objectives.names())
        .containsAll(runners.keySet());
  }

  @Test
  void theFolderHoldsAVectorOfSomethingRegistered() {
    assertThat(objectivesOf(cases)).containsAnyElementsOf(runners.keySet());
  }

  private void compare(
      ReferenceCase reference,
      ReferenceRunner runner,
      Kernels kernels,
      TestKernels implementation,
      List<String> failures) {
    ReferenceRunner.Result result;
    try {
      result = runner.run(kernels, reference);
    } catch (RuntimeException e) {
      failures.add(reference + ": " + e);
      return;
    }
    ReferenceComparison comparison =
        new ReferenceComparison(reference, runner, result, implementation.float64());
    report.add(reference, implementation.label(), comparison);
    comparison.failures().forEach(failure -> failures.add(reference + ": " + failure));
  }

  private static Set<String> objectivesOf(List<ReferenceCase> cases) {
    return cases.stream().map(ReferenceCase::objective).collect(Collectors.toSet());
  }
}
