package dev.millrace.model.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The worst error per objective and implementation. */
final class ReferenceReport {

  private record Key(String objective, String kernels) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byObjective = objective.compareTo(other.objective);
      return byObjective != 0 ? byObjective : kernels.compareTo(other.kernels);
    }
  }

  private record Worst(
      int cases, double output, String outputCase, double gradient, String gradientCase) {}

  private final Map<Key, Worst> worst = new TreeMap<>();

  void add(ReferenceCase reference, String kernels, ReferenceComparison comparison) {
    worst.merge(
        new Key(reference.objective(), kernels),
        new Worst(
            1,
            comparison.worstOutput(),
            reference.name(),
            comparison.worstGradient(),
            reference.name()),
        (a, b) ->
            new Worst(
                a.cases() + b.cases(),
                Math.max(a.output(), b.output()),
                b.output() > a.output() ? b.outputCase() : a.outputCase(),
                Math.max(a.gradient(), b.gradient()),
                b.gradient() > a.gradient() ? b.gradientCase() : a.gradientCase()));
  }

  /** Prints the table and keeps it in {@code target/reference-vectors.txt}. */
  void publish(List<String> remarks) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("Reference vectors: worst relative error per objective and implementation");
    String format = "%-22s %-13s %5s  %-8s %-34s %-8s %s";
    lines.add(format.formatted("objective", "kernels", "cases", "output", "in", "gradient", "in"));
    worst.forEach(
        (key, w) ->
            lines.add(
                format.formatted(
                    key.objective(),
                    key.kernels(),
                    w.cases(),
                    "%.1e".formatted(w.output()),
                    w.outputCase(),
                    "%.1e".formatted(w.gradient()),
                    w.gradientCase())));
    lines.addAll(remarks);
    lines.forEach(System.out::println);
    Files.createDirectories(Path.of("target"));
    Files.write(Path.of("target", "reference-vectors.txt"), lines);
  }
}
