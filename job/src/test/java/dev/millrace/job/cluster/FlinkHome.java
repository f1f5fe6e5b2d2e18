package dev.millrace.job.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.externalresource.ExternalResourceDriverFactory;

/**
 * What an unpacked Flink distribution would hold, from Maven's artifacts: the class path of its
 * lib/ (Flink, and the model's native jars), its plugins, flags for its JVMs. There is no {@code
 * flink-dist} on Maven Central, and it is not needed.
 */
final class FlinkHome {

  /** The jar that is submitted. */
  static final Path JOB_JAR = Path.of("target", "millrace-job.jar").toAbsolutePath();

  private static final Path FLINK_CLASSPATH = Path.of("target", "flink.classpath");
  private static final Path NATIVE_JARS = Path.of("..", "model", "target", "lib");
  private static final Path RUN_CLASSPATH = Path.of("target", "millrace.classpath");
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.net",
          "java.io",
          "java.nio",
          "sun.nio.ch",
          "java.lang.reflect",
          "java.text",
          "java.time",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "java.util.concurrent.locks");

  private FlinkHome() {}

  /** Flags and class path of every process of the cluster and of its client. */
  static List<String> java(int heapMegabytes) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add("--add-modules=jdk.incubator.vector");
    OPENED.forEach(name -> arguments.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    arguments.add("--add-exports=java.base/sun.net.util=ALL-UNNAMED");
    arguments.addAll(List.of("-Xms64m", "-Xmx" + heapMegabytes + "m", "-XX:+UseSerialGC"));
    arguments.addAll(List.of("-cp", classpath()));
    return arguments;
  }

  private static String classpath() throws IOException {
    try (Stream<Path> jars = Files.list(NATIVE_JARS)) {
      return Stream.concat(
              Stream.of(Files.readString(FLINK_CLASSPATH).trim()),
              jars.sorted().map(jar -> jar.toAbsolutePath().normalize().toString()))
          .collect(Collectors.joining(":"));
    }
  }

  /** Flags and class path of the command line, as {@code bin/millrace} sets them. */
  static List<String> commandLine() throws IOException {
    return List.of(
        "--add-modules=jdk.incubator.vector",
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "-Xmx300m",
        "-XX:+UseSerialGC",
        "-Dmillrace.home=" + Path.of("..").toAbsolutePath().normalize(),
        "-cp",
        Path.of("target", "classes").toAbsolutePath()
            + ":"
            + Files.readString(RUN_CLASSPATH).trim());
  }

  /** Makes plugins/ with {@link ScriptedGpus}, compiled by these tests, in a jar of its own. */
  static void writePlugins(Path plugins) throws IOException {
    Path directory = Files.createDirectories(plugins.resolve("external-resource-gpu"));
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(directory.resolve("scripted-gpus.jar")))) {
      for (Class<?> type :
          List.of(ScriptedGpus.class, ScriptedGpus.Driver.class, ScriptedGpus.Gpu.class)) {
        String path = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(path));
        jar.write(type.getClassLoader().getResourceAsStream(path).readAllBytes());
      }
      jar.putNextEntry(
          new JarEntry("META-INF/services/" + ExternalResourceDriverFactory.class.getName()));
      jar.write(ScriptedGpus.class.getName().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Writes {@code config.yaml} and the configuration of the logs; the directory. */
  static Path writeConfiguration(Path directory, Map<String, String> values) throws IOException {
    Files.createDirectories(directory);
    Files.write(
        directory.resolve("config.yaml"),
        new TreeMap<>(values)
            .entrySet().stream()
                .map(entry -> entry.getKey() + ": \"" + entry.getValue() + "\"")
                .toList());
    Files.writeString(
        directory.resolve("log4j2.properties"),
        """
        rootLogger.level = INFO
        rootLogger.appenderRef.out.ref = Out
        appender.out.name = Out
        appender.out.type = CONSOLE
        appender.out.layout.type = PatternLayout
        appender.out.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c{1} - %m%n
        logger.kafka.name = org.apache.kafka
        logger.kafka.level = WARN
        """);
    return directory;
  }
}
