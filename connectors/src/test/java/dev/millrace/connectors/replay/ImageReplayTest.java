package dev.millrace.connectors.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.millrace.connectors.embedded.EmbeddedBroker;
import dev.millrace.connectors.image.TestImages;
import dev.millrace.connectors.kafka.TestTopics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ImageReplayTest {

  private static final int PER_CLASS = 40;
  private static final List<String> CLASSES = List.of("bird", "cat", "dog");

  private static EmbeddedBroker broker;

  @TempDir Path temporary;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void aFolderAndItsTarFilesGiveTheSameBytesInTheSamePartitions() throws Exception {
    TreeMap<String, byte[]> files = files();
    Path folder = folder(files);
    List<String> names = new ArrayList<>(files.keySet());
    names.sort(Comparator.reverseOrder());
    ReplayResult first = replay("from-folder", ReplaySource.Images.of(folder));
    ReplayResult again = replay("from-folder-again", ReplaySource.Images.of(folder));

    assertThat(first).isEqualTo(again);
    assertThat(first.sent()).isEqualTo(4L * PER_CLASS + 1);
    assertThat(first.skipped()).containsOnly(entry(ImageFiles.NO_IMAGE, 1L));
    List<String> content = content("from-folder");
    assertThat(content).isEqualTo(content("from-folder-again"));
    assertThat(content.stream().map(record -> record.charAt(0)).distinct()).hasSize(3);
    for (String packing : List.of("tar", "tar.gz", "tar.xz")) {
      Path tar = tar(temporary.resolve("images." + packing), names, files);
      assertThat(replay("from-" + packing, ReplaySource.Images.of(tar)).sent())
          .isEqualTo(first.sent());
      assertThat(content("from-" + packing)).isEqualTo(content);
    }
  }

  @Test
  void pathIsTheKeyFolderTheLabelAndTimesAreEvenlySpaced() throws Exception {
    TreeMap<String, byte[]> files = files();
    ReplaySource.Images train =
        ReplaySource.Images.of(folder(files))
            .withPrefix("train/")
            .withTimes(1_000_000, Duration.ofMillis(250));
    replay("train", train);

    List<ConsumerRecord<byte[], byte[]>> records = byTime("train");
    assertThat(records).hasSize(3 * PER_CLASS + 1);
    for (int i = 0; i < records.size(); i++) {
      ConsumerRecord<byte[], byte[]> record = records.get(i);
      String id = text(record.key());
      assertThat(record.value()).isEqualTo(files.get(id));
      assertThat(record.timestamp()).isEqualTo(1_000_000 + 250L * i);
      assertThat(text(record.headers().lastHeader("event-time").value()))
          .isEqualTo(String.valueOf(record.timestamp()));
      String[] parts = id.split("/");
      if (parts.length == 3) {
        assertThat(text(record.headers().lastHeader("label").value())).isEqualTo(parts[1]);
      } else {
        assertThat(record.headers().lastHeader("label")).isNull();
      }
    }
  }

  @Test
  void ordersAreShuffledBySeedSortedOrDriftingFromClassToClass() {
    List<String> labels = new ArrayList<>();
    CLASSES.forEach(label -> labels.addAll(Collections.nCopies(PER_CLASS, label)));
    List<Integer> sorted = ImageOrder.SORTED.of(labels, 1);
    List<Integer> shuffled = ImageOrder.SHUFFLED.of(labels, 1);
    List<Integer> drifting = ImageOrder.DRIFTING.of(labels, 1);

    assertThat(sorted).isSorted();
    assertThat(shuffled).containsExactlyInAnyOrderElementsOf(sorted).isNotEqualTo(sorted);
    assertThat(shuffled)
        .isEqualTo(ImageOrder.SHUFFLED.of(labels, 1))
        .isNotEqualTo(ImageOrder.SHUFFLED.of(labels, 2));
    assertThat(new HashSet<>(shuffled.subList(0, 20).stream().map(labels::get).toList()))
        .hasSize(3);
    assertThat(drifting).containsExactlyInAnyOrderElementsOf(sorted);
    List<String> drift = drifting.stream().map(labels::get).toList();
    assertThat(drift.subList(0, 20)).containsOnly("bird");
    assertThat(drift.subList(100, 120)).containsOnly("dog");
    assertThat(drift.indexOf("cat")).isLessThan(drift.lastIndexOf("bird"));
    assertThat(drift.indexOf("dog")).isGreaterThan(drift.lastIndexOf("bird"));
  }

  @Test
  void recordedImagesReplayByteForByteWithTheirHeaders() throws Exception {
    replay("recorded-images", ReplaySource.Images.of(folder(files())));
    Path file = temporary.resolve("images.jsonl.gz");
    Recorder.run(
        RecorderOptions.of(broker.bootstrapServers(), "recorded-images", file),
        ReplayProgress.silent());
    replay("replayed-images", new ReplaySource.Recording(file));
    replay("copied-images", new ReplaySource.Topic(broker.bootstrapServers(), "recorded-images"));

    assertThat(content("replayed-images")).isEqualTo(content("recorded-images"));
    assertThat(content("copied-images")).isEqualTo(content("recorded-images"));
  }

  @Test
  void nothingToReplayIsSaid() throws Exception {
    Path folder = folder(files());
    Path text = Files.writeString(temporary.resolve("no.tar"), "no tar file ".repeat(100));

    assertThatThrownBy(
            () -> replay("none", ReplaySource.Images.of(folder).withPrefix("validation/")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("starts with 'validation/'");
    assertThatThrownBy(() -> replay("none", ReplaySource.Images.of(text)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be read as a tar file");
    assertThatThrownBy(() -> replay("none", ReplaySource.Images.of(temporary.resolve("missing"))))
        .hasMessageContaining("no such folder or tar file");
  }

  private static TreeMap<String, byte[]> files() {
    TreeMap<String, byte[]> files = new TreeMap<>();
    List<byte[]> images = List.copyOf(TestImages.all().values());
    for (String label : CLASSES) {
      for (int i = 0; i < PER_CLASS; i++) {
        files.put("train/%s/%02d.jpg".formatted(label, i), images.get(i % images.size()));
      }
    }
    for (int i = 0; i < PER_CLASS; i++) {
      files.put("test/cat/%02d.PNG".formatted(i), images.get(i % images.size()));
    }
    files.put("train/é.jpeg", new byte[] {1, 2, 3});
    files.put("README.txt", new byte[] {4});
    return files;
  }

  private Path folder(Map<String, byte[]> files) throws IOException {
    Path folder = temporary.resolve("folder");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    return folder;
  }

  private static Path tar(Path path, List<String> names, Map<String, byte[]> files)
      throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(packed(path), "UTF-8")) {
      for (String name : names) {
        TarArchiveEntry entry = new TarArchiveEntry("./" + name);
        entry.setSize(files.get(name).length);
        tar.putArchiveEntry(entry);
        tar.write(files.get(name));
        tar.closeArchiveEntry();
      }
    }
    return path;
  }

  private static OutputStream packed(Path path) throws IOException {
    OutputStream out = Files.newOutputStream(path);
    String name = path.toString();
    if (name.endsWith(".gz")) {
      return new GZIPOutputStream(out);
    }
    return name.endsWith(".xz") ? new XZOutputStream(out, new LZMA2Options(1)) : out;
  }

  private static ReplayResult replay(String topic, ReplaySource source) throws Exception {
    return Replay.run(
        ReplayOptions.of(source, broker.bootstrapServers(), topic).withCreatePartitions(3),
        ReplayProgress.silent());
  }

  private static List<ConsumerRecord<byte[], byte[]>> byTime(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records =
        new ArrayList<>(new TestTopics(broker.bootstrapServers()).read(topic));
    records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
    return records;
  }

  /** Everything about each record but its topic, partition first. */
  private static List<String> content(String topic) {
    return byTime(topic).stream()
        .map(
            record -> {
              StringBuilder content = new StringBuilder();
              content.append(record.partition()).append(' ').append(record.offset());
              content.append(' ').append(record.timestamp()).append(' ').append(text(record.key()));
              content.append(' ').append(HexFormat.of().formatHex(record.value()));
              record
                  .headers()
                  .forEach(header -> content.append(header.key()).append(text(header.value())));
              return content.toString();
            })
        .toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
