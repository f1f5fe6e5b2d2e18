package dev.millrace.model.learner;

import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.Picture;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.kernel.ArrayIO;
import dev.millrace.model.kernel.Texts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;

/**
 * An image that a lane met, with what the model of that round made of it: no other copy has to
 * embed it again.
 *
 * @param id image id
 * @param picture as the views see it
 * @param label class; empty without one
 * @param position where in Kafka the event stands
 * @param eventTime of the event
 * @param pooled features of the averaged encoder
 * @param vector what was published
 */
record LaneImage(
    String id,
    Picture picture,
    String label,
    SourcePosition position,
    long eventTime,
    float[] pooled,
    float[] vector) {

  /** As one lane would meet them. */
  static final Comparator<LaneImage> ORDER =
      Comparator.comparingLong(LaneImage::eventTime).thenComparing(LaneImage::position);

  static LaneImage of(ImageEvent event, Picture reduced, float[] pooled, float[] vector) {
    return new LaneImage(
        event.id(), reduced, event.label(), event.position(), event.eventTime(), pooled, vector);
  }

  /**
   * As it waits for a mini-batch and for replay.
   *
   * @param number of its label; -1 without one
   */
  ImageExample example(int number) {
    return new ImageExample(
        id, picture, number, ImageExample.isBackground(label), position, eventTime);
  }

  void writeTo(DataOutput out) throws IOException {
    example(-1).writeTo(out);
    Texts.write(out, label);
    example(-1).writePosition(out);
    write(out, pooled);
    write(out, vector);
  }

  static LaneImage readFrom(DataInput in) throws IOException {
    ImageExample without = ImageExample.readFrom(in);
    String label = Texts.read(in);
    ImageExample read = without.withPosition(in);
    return new LaneImage(
        read.id(), read.picture(), label, read.position(), read.eventTime(), read(in), read(in));
  }

  private static void write(DataOutput out, float[] values) throws IOException {
    out.writeInt(values.length);
    ArrayIO.write(out, values, 0, values.length);
  }

  private static float[] read(DataInput in) throws IOException {
    float[] values = new float[in.readInt()];
    ArrayIO.read(in, values, 0, values.length);
    return values;
  }
}
