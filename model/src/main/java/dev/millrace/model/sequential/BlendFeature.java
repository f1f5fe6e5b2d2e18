package dev.millrace.model.sequential;

import java.util.Locale;

/** What the blend adds up, in the order of its weights. */
enum BlendFeature {
  /** The model's score less the best one. */
  NEURAL(null),
  /** Logarithm of 1 + occurrences. */
  POPULARITY(null),
  /** What followed the last item: share of the counts. */
  MARKOV(PairScorer.Kind.MARKOV),
  /** What followed the last item: logarithm of 1 + count, which a share does not know. */
  MARKOV_COUNT(null),
  /** What followed the last items within a few steps. */
  DECAYED_MARKOV(PairScorer.Kind.DECAYED_MARKOV),
  /** What occurred near the last items, before or after. */
  NEIGHBOURHOOD(new PairScorer.Kind(8, 0.7, true, 8, 0.7, true)),
  /** What occurred beside all items of the history. */
  ITEM_KNN(PairScorer.Kind.ITEM_KNN),
  /** 1 for items of the history. */
  SEEN(null);

  private final PairScorer.Kind pairs;

  BlendFeature(PairScorer.Kind pairs) {
    this.pairs = pairs;
  }

  /** Its name in reports. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it has a value for every item; the others are 0 but for a few. */
  boolean isDense() {
    return this == NEURAL || this == POPULARITY;
  }

  /** The counts of which it is a share, or null. */
  PairScorer.Kind pairs() {
    return pairs;
  }
}
