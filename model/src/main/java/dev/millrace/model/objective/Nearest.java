package dev.millrace.model.objective;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the known name that someone most likely meant. */
public final class Nearest {

  private Nearest() {}

  /** {@code "; did you mean 'x'? known are [...]"}, or the known names alone if none is near. */
  public static String suggestion(String name, Collection<String> known) {
    String list = known.isEmpty() ? "; there are none" : "; known are " + known;
    return known.stream()
        .min(Comparator.comparingInt((String k) -> distance(name, k)).thenComparing(k -> k))
        .filter(k -> distance(name, k) <= Math.max(2, k.length() / 2))
        .map(k -> "; did you mean '" + k + "'? Known are " + known)
        .orElse(list);
  }

  /** Edit distance without regard to case, hyphens and underscores. */
  private static int distance(String first, String second) {
    String a = plain(first);
    String b = plain(second);
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substituted, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }
}
