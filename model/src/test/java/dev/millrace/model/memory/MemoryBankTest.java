package dev.millrace.model.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.CanonicalOutput;
import dev.millrace.model.kernel.CpuKernels;
import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.objective.Objective;
import dev.millrace.model.objective.ObjectiveInputs;
import dev.millrace.model.objective.ObjectiveParameters;
import dev.millrace.model.objective.Objectives;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryBankTest {

  private static final int WIDTH = 5;

  private final Kernels kernels = new CpuKernels(1);
  private final SeededRandom random = new SeededRandom(4);

  @AfterEach
  void stop() {
    kernels.close();
  }

  @Test
  void aRingKeepsTheNewestInOrderOfInsertion() {
    MemoryBank bank = new MemoryBank(MemoryBankConfig.ofOneKey(WIDTH, 10), kernels);
    for (int i = 0; i < 37; i++) {
      enqueue(bank, "k", i);
      int oldest = Math.max(0, i - 9);
      Negatives negatives = bank.negativesInPlace("k");
      assertThat(steps(negatives)).isEqualTo(IntStream.rangeClosed(oldest, i).boxed().toList());
      assertThat(negatives.vectors().rows()).isEqualTo(i - oldest + 1);
      for (int j = 0; j < negatives.size(); j++) {
        assertThat(negatives.vectors().get(j, 0)).isEqualTo(oldest + j);
        assertThat(negatives.vectors().get(j, WIDTH - 1)).isEqualTo(-(oldest + j));
      }
      assertThat(bank.size()).isEqualTo(i - oldest + 1);
    }
    assertThat(bank.negativesInPlace("k").ages(40)[0]).isEqualTo(13);
    assertThat(bank.meanAge(40)).isCloseTo(40 - 31.5, within(1e-12));
    assertThat(bank.negativesInPlace("k").labels()).startsWith(27, 28);
  }

  @Test
  void aVectorIsCopiedWhenItIsEnqueued() {
    MemoryBank bank = new MemoryBank(MemoryBankConfig.ofOneKey(WIDTH, 10), kernels);
    Matrix vector = kernels.of(1, WIDTH, 1, 2, 3, 4, 5);
    bank.enqueueInPlace("k", vector, List.of(entry(0)));
    kernels.fillInPlace(vector, 9);
    assertThat(bank.negativesInPlace("k").vectors().get(0, 1)).isEqualTo(2);
  }

  @Test
  void theLeastRecentlyUsedKeyIsEvicted() {
    MemoryBank bank = new MemoryBank(new MemoryBankConfig(WIDTH, 4, 3, 12), kernels);
    List.of("a", "b", "c").forEach(key -> enqueue(bank, key, 0));
    bank.negativesInPlace("a");
    enqueue(bank, "d", 1);
    assertThat(bank.keys()).containsExactly("c", "a", "d");
    assertThat(bank.negativesInPlace("b").size()).isZero();
    assertThat(bank.negativesInPlace("b").vectors().rows()).isZero();
    assertThat(bank.evictedKeys()).isEqualTo(1);
    assertThat(bank.size()).isEqualTo(3);
  }

  @Test
  void oldKeysMakeRoomWhenEntriesRunOut() {
    MemoryBank bank = new MemoryBank(new MemoryBankConfig(WIDTH, 4, 10, 6), kernels);
    IntStream.range(0, 3).forEach(i -> enqueue(bank, "a", i));
    IntStream.range(0, 3).forEach(i -> enqueue(bank, "b", i));
    enqueue(bank, "c", 9);
    assertThat(bank.keys()).containsExactly("b", "c");
    assertThat(bank.size()).isEqualTo(4);
    assertThat(steps(bank.negativesInPlace("c"))).containsExactly(9);
    assertThat(steps(bank.negativesInPlace("b"))).containsExactly(0, 1, 2);
  }

  @Test
  void keysOfOneBatchGoToTheirOwnRings() {
    MemoryBank bank = new MemoryBank(new MemoryBankConfig(2, 4, 3, 12), kernels);
    bank.enqueueInPlace(
        List.of("x", "y", "x"),
        kernels.of(3, 2, 1, 1, 2, 2, 3, 3),
        List.of(entry(1), entry(2), entry(3)));
    assertThat(steps(bank.negativesInPlace("x"))).containsExactly(1, 3);
    assertThat(bank.negativesInPlace("x").vectors().get(1, 0)).isEqualTo(3);
    assertThat(steps(bank.negativesInPlace("y"))).containsExactly(2);
  }

  @Test
  void entriesOfTheSameUserOrItemAreMasked() {
    MemoryBank bank = new MemoryBank(MemoryBankConfig.ofOneKey(1, 10), kernels);
    List<BankEntry> entries =
        List.of(
            new BankEntry("i1", "u1", 0, 0, 0),
            new BankEntry("i2", "u2", 0, 0, 0),
            new BankEntry("i1", "u2", 0, 0, 0),
            new BankEntry(BankEntry.NONE, BankEntry.NONE, 0, 0, 0));
    bank.enqueueInPlace("k", kernels.of(4, 1, 1, 2, 3, 4), entries);
    int[] mask =
        bank.negativesInPlace("k")
            .maskSame(
                new String[] {"u1", "u2", "u3", BankEntry.NONE},
                new String[] {"i9", "i2", "i1", BankEntry.NONE});
    assertThat(mask)
        .containsExactly(
            0, 1, 1, 1, //
            1, 0, 0, 1, //
            0, 1, 0, 1, //
            1, 1, 1, 1);
  }

  @Test
  void maskedEntriesAreNoNegativesOfInfoNce() {
    Objective objective = Objectives.INFO_NCE.create(kernels, ObjectiveParameters.defaults());
    Matrix anchors = kernels.of(2, 3, 1, 2, 0, -1, 0.5, 2);
    Matrix keys = kernels.of(2, 3, 1, 1, 1, -1, 1, 1);
    MemoryBank bank = new MemoryBank(MemoryBankConfig.ofOneKey(3, 10), kernels);
    bank.enqueueInPlace("k", kernels.of(2, 3, 3, 1, 2, 0, 1, -1), List.of(entry(1), entry(2)));
    Negatives others = bank.negativesInPlace("k");
    ObjectiveInputs inputs = new ObjectiveInputs().put("q", anchors).put("k", keys);
    double expected = objective.evaluate(inputs.put("bank", others.vectors())).loss();

    bank.enqueueInPlace("k", anchors, List.of(entry(7), entry(7)));
    Negatives all = bank.negativesInPlace("k");
    int[] mask = all.maskSame(new String[] {"user7", "u"}, new String[] {"i", "item7"});
    inputs.put("bank", all.vectors()).put("mask", mask, 2, all.size());
    assertThat(objective.evaluate(inputs).loss()).isCloseTo(expected, within(1e-6));
  }

  @Test
  void nearestAreThoseOfTheGreatestCosineUnderAnyKey() {
    MemoryBank bank = new MemoryBank(new MemoryBankConfig(WIDTH, 40, 7, 200), kernels);
    List<double[]> held = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      double[] v = IntStream.range(0, WIDTH).mapToDouble(j -> random.nextGaussian()).toArray();
      held.add(v);
      bank.enqueueInPlace("key" + i % 5, kernels.of(1, WIDTH, v), List.of(entry(i)));
    }
    double[] asked =
        IntStream.range(0, 40 * WIDTH).mapToDouble(j -> 3 * random.nextGaussian()).toArray();
    Neighbours found = bank.nearest(kernels.of(40, WIDTH, asked), 4);
    assertThat(found.k()).isEqualTo(4);
    for (int q = 0; q < 40; q++) {
      double[] query = Arrays.copyOfRange(asked, q * WIDTH, (q + 1) * WIDTH);
      double[] best = held.stream().mapToDouble(v -> -cosine(query, v)).sorted().toArray();
      for (int rank = 0; rank < 4; rank++) {
        int at = 4 * q + rank;
        double[] named = held.get((int) found.entry(q, rank).step());
        assertThat(found.similarities()[at]).isCloseTo(-best[rank], within(1e-5));
        assertThat(cosine(query, named)).isCloseTo(-best[rank], within(1e-5));
        assertThat(found.vectors().get(at, 2)).isEqualTo((float) named[2]);
      }
    }
  }

  @Test
  void ofEqualNeighboursTheOlderComesFirst() {
    MemoryBank bank = new MemoryBank(new MemoryBankConfig(1, 3, 2, 6), kernels);
    bank.enqueueInPlace("a", kernels.of(3, 1, -1, 2, 3), List.of(entry(0), entry(1), entry(2)));
    bank.enqueueInPlace("b", kernels.of(1, 1, 4), List.of(entry(3)));
    bank.negativesInPlace("a");
    Neighbours found = bank.nearest(kernels.of(1, 1, 5), 9);
    assertThat(found.k()).isEqualTo(4);
    assertThat(found.entries().stream().map(BankEntry::step)).containsExactly(1L, 2L, 3L, 0L);
    assertThat(new MemoryBank(bank.config(), kernels).nearest(kernels.of(1, 1, 5), 2).k()).isZero();
  }

  @Test
  void aRestoredBankContinuesExactly() throws IOException {
    MemoryBank bank = new MemoryBank(new MemoryBankConfig(WIDTH, 16, 6, 60), kernels);
    SeededRandom before = new SeededRandom(9);
    for (int i = 0; i < 500; i++) {
      step(bank, before, i);
    }
    MemoryBank restored = restore(bank);
    assertThat(CanonicalOutput.digestOf(restored)).isEqualTo(CanonicalOutput.digestOf(bank));
    SeededRandom first = new SeededRandom(10);
    SeededRandom second = new SeededRandom(10);
    for (int i = 500; i < 900; i++) {
      double[] expected = step(bank, first, i);
      assertThat(step(restored, second, i)).isEqualTo(expected);
    }
    assertThat(CanonicalOutput.digestOf(restored)).isEqualTo(CanonicalOutput.digestOf(bank));
    assertThat(restored.evictedKeys()).isEqualTo(bank.evictedKeys()).isPositive();
    assertThat(restored.meanAge(900)).isEqualTo(bank.meanAge(900)).isPositive();
  }

  @Test
  void nativeMemoryIsFlatOnceTheBankIsFull() {
    MemoryBank bank = new MemoryBank(new MemoryBankConfig(WIDTH, 100, 20, 1000), kernels);
    SeededRandom draws = new SeededRandom(1);
    long full = 0;
    for (int i = 0; i < 20_000; i++) {
      step(bank, draws, i);
      if (i == 4000) {
        full = bank.nativeBytes();
      }
      assertThat(bank.size()).isLessThanOrEqualTo(1000);
      assertThat(bank.keys()).hasSizeLessThanOrEqualTo(20);
    }
    assertThat(bank.nativeBytes()).isEqualTo(full);
    assertThat(full).isLessThan(4L * (1000 * (3 * WIDTH + 1 + 64) + 400 * WIDTH));
  }

  @Test
  void impossibleBoundsAndShapesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemoryBankConfig(4, 10, 2, 9))
        .withMessageContaining("maximumEntries (9)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemoryBankConfig(0, 10, 2, 90))
        .withMessageContaining("width");
    MemoryBank bank = new MemoryBank(MemoryBankConfig.ofOneKey(WIDTH, 10), kernels);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bank.enqueueInPlace("k", kernels.allocate(1, 3), List.of(entry(0))))
        .withMessageContaining("1 x 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bank.enqueueInPlace("k", kernels.allocate(2, WIDTH), List.of(entry(0))));
  }

  /** One enqueueing under a random key and, now and then, both kinds of look-up. */
  private double[] step(MemoryBank bank, SeededRandom draws, int step) {
    double[] v = IntStream.range(0, WIDTH).mapToDouble(j -> draws.nextGaussian()).toArray();
    String key = "key" + draws.nextInt(30) * draws.nextInt(30) / 30;
    bank.enqueueInPlace(key, kernels.of(1, WIDTH, v), List.of(entry(step)));
    List<Double> seen = new ArrayList<>();
    if (step % 7 == 0) {
      Negatives negatives = bank.negativesInPlace("key" + draws.nextInt(30));
      negatives.entries().forEach(entry -> seen.add((double) entry.step()));
      double[] values = new double[negatives.size() * WIDTH];
      kernels.read(negatives.vectors(), values);
      Arrays.stream(values).forEach(seen::add);
    }
    if (step % 50 == 0) {
      Neighbours neighbours = bank.nearest(kernels.of(1, WIDTH, v), 5);
      neighbours.entries().forEach(entry -> seen.add((double) entry.step()));
      Arrays.stream(neighbours.similarities()).forEach(seen::add);
    }
    return seen.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private MemoryBank restore(MemoryBank bank) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bank.writeTo(new DataOutputStream(bytes));
    return MemoryBank.readFrom(
        new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), kernels);
  }

  private void enqueue(MemoryBank bank, String key, int number) {
    double[] v = {number, 0, 1, 2, -number};
    bank.enqueueInPlace(key, kernels.of(1, WIDTH, v), List.of(entry(number)));
  }

  private static BankEntry entry(int number) {
    return new BankEntry("item" + number, "user" + number, number, number, 0);
  }

  private static List<Integer> steps(Negatives negatives) {
    return negatives.entries().stream().map(entry -> (int) entry.step()).toList();
  }

  private static double cosine(double[] a, double[] b) {
    double dot = 0;
    double left = 0;
    double right = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      left += a[i] * a[i];
      right += b[i] * b[i];
    }
    return dot / Math.sqrt(left * right);
  }
}
