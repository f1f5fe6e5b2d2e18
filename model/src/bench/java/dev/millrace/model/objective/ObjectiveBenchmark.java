package dev.millrace.model.objective;

import dev.millrace.model.kernel.CpuKernels;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Loss and all gradients of an objective, batch 256 and width 128, beside its matrix products
 * alone.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class ObjectiveBenchmark {

  private static final Map<String, Integer> SIZES =
      Map.of("B", 256, "D", 128, "L", 1024, "K", 300, "N", 4096, "E", 2048);

  @Param("nt-xent")
  public String objective;

  @Param("")
  public String variant;

  @Param("4096")
  public int bank;

  private CpuKernels kernels;
  private Objective measured;
  private ObjectiveInputs inputs;
  private ProductRecorder products;

  @Setup
  public void open() {
    kernels = new CpuKernels();
    Objectives entry = Objectives.of(objective);
    Map<String, Object> values = new TreeMap<>();
    if (!variant.isEmpty()) {
      values.put("variant", variant);
    }
    ObjectiveParameters parameters = new ObjectiveParameters(values);
    Map<String, Integer> sizes = new HashMap<>(SIZES);
    sizes.put("M", bank);
    inputs = RandomBatch.draw(entry.signature(variant), false, sizes, 1).inputs(kernels);
    measured = entry.create(kernels, parameters);
    products = new ProductRecorder(kernels);
    Objective recorded = entry.create(products.kernels(), parameters);
    recorded.evaluate(inputs);
    products.clear();
    recorded.evaluate(inputs);
  }

  @TearDown
  public void close() {
    kernels.close();
  }

  @Benchmark
  public double whole() {
    return measured.evaluate(inputs).loss();
  }

  @Benchmark
  public int productsAlone() {
    products.replay();
    return products.count();
  }
}
