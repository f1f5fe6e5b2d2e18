package dev.millrace.job;

import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.ImageEvent;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Prototype;
import dev.millrace.model.kernel.CanonicalOutput;
import dev.millrace.model.learner.EventGroup;
import dev.millrace.model.learner.LearnerFactory;
import dev.millrace.model.learner.LearnerGauges;
import dev.millrace.model.learner.LearnerOutput;
import dev.millrace.model.learner.OnlineLearner;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * A learner that is easy to predict: an image's embedding is its first pixel and the number of
 * images before it, the only prototype is that number, and an image that is labelled {@link
 * #POISON} goes to quarantine.
 */
public final class CountingImageLearner implements OnlineLearner<ImageEvent> {

  public static final String POISON = "poison";

  private long events;

  /** Makes counting learners. */
  public static final class Factory implements LearnerFactory<ImageEvent> {
    private static final long serialVersionUID = 1L;

    @Override
    public OnlineLearner<ImageEvent> create() {
      return new CountingImageLearner();
    }

    @Override
    public OnlineLearner<ImageEvent> restore(DataInput in) throws IOException {
      CountingImageLearner learner = new CountingImageLearner();
      learner.events = in.readLong();
      return learner;
    }

    @Override
    public void warmUp(Duration patience) {}
  }

  @Override
  public void observe(EventGroup<ImageEvent> group, LearnerOutput output) {
    for (ImageEvent event : group.events()) {
      if (event.label().equals(POISON)) {
        output.quarantine(
            new DeadLetter(
                null, null, event.position(), "Collapse", "taken back", event.eventTime()));
        continue;
      }
      float[] vector = {event.picture().rgb()[0] & 0xff, events++};
      output.imageEmbedding(
          new ImageEmbedding(
              event.id(),
              vector,
              1,
              new int[] {0},
              new float[] {1},
              events,
              event.eventTime(),
              event.position()),
          event.arrivalTime());
      output.prototype(
          new Prototype(0, new float[] {events}, 1, events, event.eventTime(), event.position()));
    }
  }

  @Override
  public void finish(LearnerOutput output) {
    output.metrics(
        new LearningMetrics(
            "total",
            0,
            Map.of("events", (double) events),
            Map.of(),
            Map.of("model_digest", digest())));
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeLong(events);
  }

  @Override
  public String digest() {
    return CanonicalOutput.digestOf(this::writeTo);
  }

  @Override
  public LearnerGauges gauges() {
    return new LearnerGauges(events, 0, 0, Double.NaN, 0, 0, 0, 0, 0);
  }

  @Override
  public void close() {}
}
