package dev.millrace.job.demo;

import dev.millrace.model.kernel.CpuKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a digest's promise holds for: build, processor, BLAS; and the memory that was used. */
public final class RunEnvironment {

  private RunEnvironment() {}

  public static Map<String, String> describe() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    environment.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    environment.put("processor", lineOf(Path.of("/proc/cpuinfo"), "model name"));
    environment.put("memory_peak", lineOf(Path.of("/proc/self/status"), "VmHWM"));
    try (CpuKernels kernels = new CpuKernels(1)) {
      environment.put("kernels", kernels.description());
    }
    String coreType = System.getenv("OPENBLAS_CORETYPE");
    environment.put("openblas_coretype", coreType == null ? "detected" : coreType);
    return environment;
  }

  private static String lineOf(Path file, String name) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
