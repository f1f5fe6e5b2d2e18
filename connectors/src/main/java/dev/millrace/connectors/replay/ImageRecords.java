package dev.millrace.connectors.replay;

import dev.millrace.connectors.codec.ImageCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Image files as records of the images' topic, at a fixed distance of event time. */
final class ImageRecords implements RecordSource {

  // configuration
  private final ReplaySource.Images source;
  private final String topic;
  private final int partitions;

  // runtime
  private final ImageFiles files;
  private final List<String> paths;
  private final List<Integer> order;
  private int next;

  private ImageRecords(ReplaySource.Images source, String topic, int partitions, ImageFiles files) {
    this.source = source;
    this.topic = topic;
    this.partitions = partitions;
    this.files = files;
    this.paths = files.paths();
    this.order = source.order().of(paths.stream().map(this::label).toList(), source.seed());
  }

  static ImageRecords open(ReplaySource.Images source, String topic, int partitions)
      throws IOException {
    ImageFiles files = ImageFiles.open(source.path(), source.prefix());
    if (files.paths().isEmpty()) {
      files.close();
      throw new IllegalArgumentException(
          "%s has no file that starts with '%s' and ends in .jpg, .jpeg or .png"
              .formatted(source.path(), source.prefix()));
    }
    return new ImageRecords(source, topic, partitions, files);
  }

  @Override
  public Optional<ProducerRecord<byte[], byte[]>> next() throws IOException {
    if (next == order.size()) {
      return Optional.empty();
    }
    String path = paths.get(order.get(next));
    long time = source.start() + source.spacing().toMillis() * next;
    next++;
    byte[] key = utf8(path);
    RecordHeaders headers = new RecordHeaders();
    headers.add(ImageCodec.EVENT_TIME_HEADER, utf8(Long.toString(time)));
    String label = label(path);
    if (!label.isEmpty()) {
      headers.add(ImageCodec.LABEL_HEADER, utf8(label));
    }
    return Optional.of(
        new ProducerRecord<>(
            topic, Partitions.ofKey(key, partitions), time, key, files.content(path), headers));
  }

  private String label(String path) {
    return ImageFiles.label(path, source.prefix());
  }

  @Override
  public long read() {
    return next;
  }

  @Override
  public double fraction() {
    return (double) next / order.size();
  }

  @Override
  public SkippedRows skipped() {
    return files.skipped();
  }

  @Override
  public void close() throws IOException {
    files.close();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
