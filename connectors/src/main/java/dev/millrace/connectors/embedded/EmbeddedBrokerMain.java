package dev.millrace.connectors.embedded;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Main class of a broker in its own process. Prints one line with its address when it answers, and
 * stops when its standard input ends: the parent holds the other end of that pipe, so a broker does
 * not outlive its parent however that one dies.
 */
public final class EmbeddedBrokerMain {

  static final String READY = "READY ";

  private EmbeddedBrokerMain() {}

  /**
   * Runs until standard input ends.
   *
   * @param arguments parent of the data directory, largest record batch in bytes, time to start in
   *     milliseconds; to go on where a killed broker was, its data directory and its port too
   */
  public static void main(String[] arguments) throws IOException {
    EmbeddedBrokerOptions options =
        EmbeddedBrokerOptions.defaults()
            .withDirectory(Path.of(arguments[0]))
            .withMaxMessageBytes(Integer.parseInt(arguments[1]))
            .withStartTimeout(Duration.ofMillis(Long.parseLong(arguments[2])));
    PrintStream parent =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    // Loggers that write to standard output must not get between the parent and its one line.
    System.setOut(System.err);
    Optional<EmbeddedBroker> broker = Optional.empty();
    try {
      broker =
          Optional.of(
              arguments.length > 3
                  ? EmbeddedBroker.resume(
                      options, Path.of(arguments[3]), Integer.parseInt(arguments[4]))
                  : EmbeddedBroker.start(options));
      parent.println(READY + broker.get().bootstrapServers());
      while (System.in.read() >= 0) {
        // Only the end of the stream says anything.
      }
    } catch (RuntimeException e) {
      e.printStackTrace();
    } finally {
      broker.ifPresent(EmbeddedBroker::close);
    }
    // Kafka leaves threads behind that are not daemons when its start fails halfway.
    System.exit(broker.isPresent() ? 0 : 1);
  }
}
