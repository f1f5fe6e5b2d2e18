package dev.millrace.model.learner;

import dev.millrace.model.cluster.Verdict;
import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.kernel.Texts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An image that waits for a mini-batch or for a replay.
 *
 * @param id image id
 * @param picture as the views see it
 * @param label class number, -1 without a label
 * @param background whether its label is {@code background}
 * @param position where in Kafka the event stands
 * @param eventTime of the event
 */
record ImageExample(
    String id,
    Picture picture,
    int label,
    boolean background,
    SourcePosition position,
    long eventTime) {

  private static final SourcePosition NOWHERE = new SourcePosition("", 0, 0);
  private static final String BACKGROUND = "background";

  /** An event as it waits, with its picture as the views see it and its class. */
  static ImageExample of(ImageEvent event, Picture reduced, int label) {
    return new ImageExample(
        event.id(),
        reduced,
        label,
        isBackground(event.label()),
        event.position(),
        event.eventTime());
  }

  static boolean isBackground(String label) {
    return label.equals(BACKGROUND);
  }

  /** What is left of it where a step on it was taken back. */
  DeadLetter deadLetter(Verdict verdict) {
    return new DeadLetter(
        id.getBytes(StandardCharsets.UTF_8),
        null,
        position,
        verdict.id(),
        "the learner took back a step on this image: " + verdict.advice(),
        eventTime);
  }

  /** Writes all but the position. */
  void writeTo(DataOutput out) throws IOException {
    Texts.write(out, id);
    out.writeInt(picture.width());
    out.writeInt(picture.height());
    out.write(picture.rgb());
    out.writeInt(label);
    out.writeBoolean(background);
    out.writeLong(eventTime);
  }

  /** Writes where in Kafka the event stands, which is no part of what is learned. */
  void writePosition(DataOutput out) throws IOException {
    Texts.write(out, position.topic());
    out.writeInt(position.partition());
    out.writeLong(position.offset());
  }

  /** The same with the position that {@link #writePosition} wrote. */
  ImageExample withPosition(DataInput in) throws IOException {
    return new ImageExample(
        id,
        picture,
        label,
        background,
        new SourcePosition(Texts.read(in), in.readInt(), in.readLong()),
        eventTime);
  }

  static ImageExample readFrom(DataInput in) throws IOException {
    String id = Texts.read(in);
    int width = in.readInt();
    int height = in.readInt();
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    in.readFully(rgb);
    return new ImageExample(
        id,
        new Picture(width, height, rgb),
        in.readInt(),
        in.readBoolean(),
        NOWHERE,
        in.readLong());
  }

  /** Writes examples with their positions. */
  static void writeAll(DataOutput out, List<ImageExample> examples) throws IOException {
    out.writeInt(examples.size());
    for (ImageExample example : examples) {
      example.writeTo(out);
      example.writePosition(out);
    }
  }

  /** What {@link #writeAll} wrote. */
  static List<ImageExample> readAll(DataInput in) throws IOException {
    List<ImageExample> examples = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      examples.add(readFrom(in).withPosition(in));
    }
    return examples;
  }
}
