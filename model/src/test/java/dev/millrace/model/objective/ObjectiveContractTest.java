package dev.millrace.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.reference.ReferenceArray;
import dev.millrace.model.reference.TestKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every objective of the registry must keep, derived from its signature alone. */
class ObjectiveContractTest {

  private static final Map<TestKernels, Kernels> KERNELS = new EnumMap<>(TestKernels.class);

  @BeforeAll
  static void create() {
    for (TestKernels kernels : TestKernels.values()) {
      KERNELS.put(kernels, kernels.create());
    }
  }

  @AfterAll
  static void close() {
    KERNELS.values().forEach(Kernels::close);
  }

  static Stream<ContractSubject> subjects() {
    List<ContractSubject> subjects = new ArrayList<>();
    for (Objectives objective : Objectives.values()) {
      for (String variant : objective.variants()) {
        subjects.add(new ContractSubject(objective, variant, false));
        if (objective.signature(variant).inputs().stream().anyMatch(i -> !i.required())) {
          subjects.add(new ContractSubject(objective, variant, true));
        }
      }
    }
    return subjects.stream();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void gradientsAgreeWithFiniteDifferences(ContractSubject subject) {
    new FiniteDifferences(subject, KERNELS.get(TestKernels.ND4J_DOUBLE)).check(subject.batch(1));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void exactlyTheDifferentiableInputsReceiveAGradientOfTheirShape(ContractSubject subject) {
    Kernels kernels = KERNELS.get(TestKernels.CPU);
    ObjectiveInputs inputs = subject.batch(2).inputs(kernels);
    LossAndGradient result = subject.create(kernels).evaluate(inputs);
    List<String> expected =
        subject.signature().inputs().stream()
            .filter(input -> input.receivesGradient() && inputs.has(input.name()))
            .map(Signature.Input::name)
            .toList();
    assertThat(result.gradients().keySet()).containsExactlyInAnyOrderElementsOf(expected);
    for (String name : expected) {
      assertThat(result.gradient(name).shape()).isEqualTo(inputs.matrix(name).shape());
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void argumentsStayUnchanged(ContractSubject subject) {
    KERNELS.forEach(
        (label, kernels) -> {
          RandomBatch batch = subject.batch(3);
          ObjectiveInputs inputs = batch.inputs(kernels);
          ObjectiveInputs untouched = batch.inputs(kernels);
          subject.create(kernels).evaluate(inputs);
          batch
              .arrays()
              .forEach((name, array) -> assertSame(kernels, name, array, inputs, untouched));
        });
  }

  private static void assertSame(
      Kernels kernels, String name, ReferenceArray array, ObjectiveInputs a, ObjectiveInputs b) {
    if (array.integer()) {
      assertThat(a.integers(name)).as(name).isEqualTo(b.integers(name));
    } else {
      assertThat(ContractSubject.values(kernels, a.matrix(name)))
          .as(name)
          .isEqualTo(ContractSubject.values(kernels, b.matrix(name)));
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void permutingTheBatchPermutesTheGradients(ContractSubject subject) {
    Kernels kernels = KERNELS.get(TestKernels.ND4J_DOUBLE);
    int[] order = {3, 0, 4, 1, 2};
    RandomBatch batch = subject.batch(Map.of("B", order.length), 4);
    Objective objective = subject.create(kernels);
    ContractSubject.Result plain = ContractSubject.evaluate(objective, kernels, batch);
    ContractSubject.Result permuted =
        ContractSubject.evaluate(objective, kernels, batch.permuted(order));
    double change = Math.abs(permuted.loss() - plain.loss());
    for (Map.Entry<String, double[]> gradient : plain.gradients().entrySet()) {
      Signature.Input input = subject.signature().input(gradient.getKey());
      int[] shape = batch.arrays().get(gradient.getKey()).shape();
      double[] expected = RandomBatch.permuted(input, shape, gradient.getValue(), order);
      change = Math.max(change, difference(permuted.gradients().get(input.name()), expected));
    }
    if (subject.objective().orderMatters(subject.variant()).isEmpty()) {
      assertThat(change).isLessThan(1e-9 * Math.max(1, Math.abs(plain.loss())));
    } else {
      assertThat(change).as("an objective that claims that order matters").isGreaterThan(1e-6);
    }
  }

  private static double difference(double[] a, double[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void largeInputsAndTinyTemperaturesStayFinite(ContractSubject subject) {
    Map<String, Object> tiny = new TreeMap<>();
    subject
        .objective()
        .defaults(subject.variant())
        .forEach(
            (name, value) -> {
              if (name.startsWith("tau") || name.toLowerCase(Locale.ROOT).endsWith("temperature")) {
                tiny.put(name, ((Number) value).doubleValue() / 100);
              }
            });
    RandomBatch large = subject.batch(5).mapped(ValueRange.Kind.ANY, x -> 1e3 * x);
    assertFinite(subject, tiny, large, "at tiny temperatures of large inputs");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void zeroRowsStayFinite(ContractSubject subject) {
    assertFinite(subject, Map.of(), subject.batch(6).withZeroRow(), "with zero rows");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void oneRowBatchHasADefinedResult(ContractSubject subject) {
    assertFinite(subject, Map.of(), subject.batch(Map.of("B", 1), 7), "of one row");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void emptyBankAndQueueHaveADefinedResult(ContractSubject subject) {
    RandomBatch empty = subject.batch(Map.of("M", 0, "L", 0), 8);
    assertFinite(subject, Map.of(), empty, "of an empty bank");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void everythingMaskedHasADefinedResult(ContractSubject subject) {
    RandomBatch masked = subject.batch(9).mapped(ValueRange.Kind.MASK, x -> 0);
    assertFinite(subject, Map.of(), masked, "with everything masked");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void oneClassAndNoTwoAlikeHaveADefinedResult(ContractSubject subject) {
    RandomBatch batch = subject.batch(10);
    assertFinite(subject, Map.of(), batch.mapped(ValueRange.Kind.IDS, x -> 0), "of one id");
    assertFinite(subject, Map.of(), batch.withDistinctIds(), "of distinct ids");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void sameInputGivesTheSameBitsWhateverCameBetween(ContractSubject subject) {
    KERNELS.forEach(
        (label, kernels) -> {
          Objective objective = subject.create(kernels);
          RandomBatch batch = subject.batch(11);
          ContractSubject.Result first = ContractSubject.evaluate(objective, kernels, batch);
          RandomBatch other = subject.batch(Map.of("B", 3, "M", 9), 12);
          ContractSubject.evaluate(objective, kernels, other);
          ContractSubject.Result again = ContractSubject.evaluate(objective, kernels, batch);
          assertThat(again.loss()).as(label.label()).isEqualTo(first.loss());
          first
              .gradients()
              .forEach((name, g) -> assertThat(again.gradients().get(name)).isEqualTo(g));
        });
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void nothingIsAllocatedOnceTheLargestBatchWasSeen(ContractSubject subject) {
    AllocationCounter counter = new AllocationCounter(KERNELS.get(TestKernels.CPU));
    Objective objective = subject.create(counter.kernels());
    ObjectiveInputs large = subject.batch(13).inputs(KERNELS.get(TestKernels.CPU));
    ObjectiveInputs small =
        subject.batch(Map.of("B", 2, "M", 3), 14).inputs(KERNELS.get(TestKernels.CPU));
    objective.evaluate(large);
    int before = counter.count();
    objective.evaluate(small);
    objective.evaluate(large);
    assertThat(before).isPositive();
    assertThat(counter.count()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void shapeErrorsNameTheInputTheExpectedAndTheActualShape(ContractSubject subject) {
    Kernels kernels = KERNELS.get(TestKernels.CPU);
    Objective objective = subject.create(kernels);
    RandomBatch batch = subject.batch(15);
    batch
        .arrays()
        .forEach(
            (name, array) -> {
              int[] shape = Arrays.copyOf(array.shape(), array.shape().length + 1);
              shape[shape.length - 1] = 1;
              RandomBatch wrong = batch.with(name, shape, array.data());
              assertThatThrownBy(() -> objective.evaluate(wrong.inputs(kernels)))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageContaining("'" + name + "'")
                  .hasMessageContaining(Arrays.toString(shape))
                  .hasMessageContaining("expected " + subject.signature().input(name).describe());
            });
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void inputsOfDisagreeingSizesAreRefused(ContractSubject subject) {
    Kernels kernels = KERNELS.get(TestKernels.CPU);
    Objective objective = subject.create(kernels);
    RandomBatch batch = subject.batch(16);
    RandomBatch larger = subject.batch(Map.of("B", 6, "D", 5, "M", 8), 17);
    for (Signature.Input input : subject.signature().inputs()) {
      boolean shared =
          subject.signature().inputs().stream()
              .filter(other -> batch.arrays().containsKey(other.name()))
              .anyMatch(
                  other ->
                      other != input && other.shape().stream().anyMatch(input.shape()::contains));
      ReferenceArray array = larger.arrays().get(input.name());
      if (array != null
          && shared
          && !Arrays.equals(array.shape(), batch.arrays().get(input.name()).shape())) {
        RandomBatch mixed = batch.with(input.name(), array.shape(), array.data());
        assertThatThrownBy(() -> objective.evaluate(mixed.inputs(kernels)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageMatching("input '.*' has shape \\[.*], expected .* with \\{.*}");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void missingAndUnknownInputsAreNamed(ContractSubject subject) {
    Kernels kernels = KERNELS.get(TestKernels.CPU);
    Objective objective = subject.create(kernels);
    RandomBatch batch = subject.batch(18);
    String name = subject.signature().inputs().get(0).name();
    assertThatThrownBy(() -> objective.evaluate(batch.without(name).inputs(kernels)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "' is missing");
    ObjectiveInputs more = batch.inputs(kernels).put(name + "_", new int[] {1});
    assertThatThrownBy(() -> objective.evaluate(more))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown input '" + name + "_'")
        .hasMessageContaining("did you mean '" + name + "'?");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void bothPrecisionsAgree(ContractSubject subject) {
    RandomBatch batch = subject.batch(19);
    Kernels exact = KERNELS.get(TestKernels.ND4J_DOUBLE);
    double loss = ContractSubject.evaluate(subject.create(exact), exact, batch).loss();
    Kernels fast = KERNELS.get(TestKernels.CPU);
    assertThat(ContractSubject.evaluate(subject.create(fast), fast, batch).loss())
        .isCloseTo(loss, within(1e-4 * Math.max(1, Math.abs(loss))));
  }

  private static void assertFinite(
      ContractSubject subject, Map<String, ?> parameters, RandomBatch batch, String when) {
    KERNELS.forEach(
        (label, kernels) -> {
          Objective objective = subject.create(kernels, parameters);
          ContractSubject.evaluate(objective, kernels, batch)
              .assertFinite(when + " on " + label.label());
        });
  }
}
