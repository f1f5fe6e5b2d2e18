package dev.millrace.job;

import dev.millrace.connectors.codec.DecodeException;
import dev.millrace.connectors.codec.ImageCodec;
import dev.millrace.connectors.image.ImageDecoder;
import dev.millrace.connectors.kafka.ImageSource;
import dev.millrace.job.config.JobConfig;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.learner.EventGroup;
import dev.millrace.model.learner.LanedLearner;
import dev.millrace.model.learner.LearnerOutput;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** A small image learner and a small stream of PNG files with a structure that it can learn. */
public final class TestImageJobs {

  private static final int SIZE = 16;

  private TestImageJobs() {}

  /** Options of a small, quick learner of images. */
  public static Map<String, String> smallLearner() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("job.streams", "images");
    values.put("learn.images.encoder.stem", "8");
    values.put("learn.images.encoder.blocks", "8,16");
    values.put("learn.images.encoder.head.inner", "16");
    values.put("learn.images.encoder.head.width", "16");
    values.put("learn.images.views.large.size", Integer.toString(SIZE));
    values.put("learn.images.patches.atoms", "24");
    values.put("learn.images.patches.warm-up", "40");
    values.put("learn.images.patches.kept", "60");
    values.put("learn.images.patches.components", "8");
    values.put("learn.images.patches.dimensions", "16");
    values.put("learn.images.batch", "16");
    values.put("learn.images.ring", "64");
    values.put("learn.images.replay-steps", "1");
    values.put("learn.images.prototypes", "8");
    values.put("learn.images.prototypes.queue", "0");
    values.put("learn.images.evaluation.window", "50");
    values.put("learn.images.evaluation.neighbours", "100");
    values.put("learn.threads", "1");
    values.put("job.warm-up", "0 s");
    return values;
  }

  public static JobConfig config(Map<String, String> more) {
    Map<String, String> values = smallLearner();
    values.putAll(more);
    return JobConfig.of(values);
  }

  /** Images of four groups, stripes of one of two widths in one of two directions. */
  public static List<ProducerRecord<byte[], byte[]>> records(
      String topic, int partitions, int count, long seed) {
    SeededRandom random = new SeededRandom(seed);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int group = random.nextInt(4);
      long time = TestJobs.START + 100L * i;
      String id = "image-" + i;
      RecordHeaders headers = new RecordHeaders();
      headers.add(ImageCodec.EVENT_TIME_HEADER, utf8(Long.toString(time)));
      headers.add(ImageCodec.LABEL_HEADER, utf8("group-" + group));
      records.add(
          new ProducerRecord<>(
              topic,
              Math.floorMod(id.hashCode(), partitions),
              time,
              utf8(id),
              png(group, random),
              headers));
    }
    return records;
  }

  /** Learns records in this thread, without Kafka and Flink, on the lanes of a job; the digest. */
  public static String learnAlone(JobConfig config, List<ProducerRecord<byte[], byte[]>> records)
      throws DecodeException {
    ImageDecoder decoder = ImageSource.decoder(config.options());
    LanedLearner<ImageEvent> learner =
        new LanedLearner<>(config.imageReplicaFactory(), config.laneLayout());
    LearnerOutput nowhere = metrics -> {};
    for (int i = 0; i < records.size(); i++) {
      ProducerRecord<byte[], byte[]> record = records.get(i);
      ImageEvent event =
          new ImageEvent(
              text(record.key()),
              decoder.read(record.value()),
              record.timestamp(),
              "",
              text(record.headers().lastHeader(ImageCodec.LABEL_HEADER).value()),
              new SourcePosition("", 0, i),
              0);
      learner.observe(new EventGroup<>(event.eventTime(), List.of(event)), nowhere);
    }
    learner.finish(nowhere);
    return learner.digest();
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static byte[] png(int group, SeededRandom random) {
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    int shift = random.nextInt(8);
    int width = group % 2 == 0 ? 2 : 4;
    int tint = random.nextInt(0x40);
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        int along = (group < 2 ? x : y) + shift;
        int light = along / width % 2 == 0 ? 40 : 180;
        int value = light + random.nextInt(20);
        image.setRGB(x, y, value << 16 | value << 8 | value + tint);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
