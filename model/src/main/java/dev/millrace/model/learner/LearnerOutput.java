package dev.millrace.model.learner;

import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Recommendations;

/** Where a learner sends what it makes. Called in a deterministic order from {@code observe}. */
public interface LearnerOutput {

  /**
   * A user's or item's new vector; an embedding without a vector is a tombstone.
   *
   * @param arrivalTime when the newest event behind it was read, for latency measurements
   */
  void embedding(Embedding embedding, long arrivalTime);

  /** The items recommended to a user after an event. */
  void recommendations(Recommendations recommendations, long arrivalTime);

  /** Prequential and learning metrics of a window, or of the whole stream at its end. */
  void metrics(LearningMetrics metrics);
}
