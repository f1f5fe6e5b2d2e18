package dev.millrace.job.config;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the key that somebody probably meant. */
final class NearestKey {

  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

  private NearestKey() {}

  static String of(String key, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(other -> DISTANCE.apply(key, other)))
        .orElseThrow();
  }
}
