package dev.millrace.model.learner;

import dev.millrace.model.data.DeadLetter;
import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.ImageEmbedding;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Prototype;
import dev.millrace.model.data.Recommendations;

/**
 * Where a learner sends what it makes. Called in a deterministic order from {@code observe}. What
 * one kind of learner alone makes may be left out by a receiver of the other's.
 */
public interface LearnerOutput {

  /**
   * A user's or item's new vector; an embedding without a vector is a tombstone.
   *
   * @param arrivalTime when the newest event behind it was read, for latency measurements
   */
  default void embedding(Embedding embedding, long arrivalTime) {}

  /** The items recommended to a user after an event. */
  default void recommendations(Recommendations recommendations, long arrivalTime) {}

  /**
   * An image's vector, with its cluster.
   *
   * @param arrivalTime when the image was read, for latency measurements
   */
  default void imageEmbedding(ImageEmbedding embedding, long arrivalTime) {}

  /** A prototype's new vector and usage. */
  default void prototype(Prototype prototype) {}

  /**
   * An event that the learner has set aside, with the reason: its mini-batch made the model
   * collapse or a value non-finite, and was taken back.
   */
  default void quarantine(DeadLetter event) {}

  /** Prequential and learning metrics of a window, or of the whole stream at its end. */
  void metrics(LearningMetrics metrics);
}
