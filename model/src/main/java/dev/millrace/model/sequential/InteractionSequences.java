package dev.millrace.model.sequential;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sequences of a file, one user a line: {@code user item item ...}, oldest first.
 *
 * <p>Items are numbered from 1 in the order of their names, numbers by value and before other
 * names, so that the order of lines decides nothing; 0 stands for no item.
 */
public final class InteractionSequences {

  /** One item to learn from, one to validate on, one to test with. */
  public static final int SHORTEST = 3;

  private final List<String> items;
  private final int[][] sequences;

  private InteractionSequences(List<String> items, int[][] sequences) {
    this.items = items;
    this.sequences = sequences;
  }

  /**
   * Reads all lines; blank ones are passed over.
   *
   * @throws IllegalArgumentException if a line has fewer than {@value #SHORTEST} items or a user
   *     has two lines, with the number of the line, or if there is no line at all
   */
  public static InteractionSequences read(BufferedReader in) throws IOException {
    List<String[]> lines = new ArrayList<>();
    Set<String> users = new HashSet<>();
    Set<String> names = new HashSet<>();
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String[] fields = line.strip().split("\\s+");
      requireLine(number, fields, users);
      lines.add(fields);
      names.addAll(Arrays.asList(fields).subList(1, fields.length));
    }
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("no sequences: lines read 'user item item ...'");
    }
    return number(lines, names);
  }

  private static void requireLine(int number, String[] fields, Set<String> users) {
    if (fields.length - 1 < SHORTEST) {
      throw new IllegalArgumentException(
          ("line %d: user '%s' has %d items, leave-one-out needs at least %d; lines read"
                  + " 'user item item ...'")
              .formatted(number, fields[0], fields.length - 1, SHORTEST));
    }
    if (!users.add(fields[0])) {
      throw new IllegalArgumentException(
          "line %d: user '%s' has a line already; put all items of a user on one line"
              .formatted(number, fields[0]));
    }
  }

  private static InteractionSequences number(List<String[]> lines, Set<String> names) {
    List<String> ordered = new ArrayList<>(names);
    ordered.sort(InteractionSequences::compareNames);
    Map<String, Integer> numbers = new HashMap<>();
    for (String name : ordered) {
      numbers.put(name, numbers.size() + 1);
    }
    int[][] sequences = new int[lines.size()][];
    for (int u = 0; u < sequences.length; u++) {
      String[] fields = lines.get(u);
      sequences[u] = new int[fields.length - 1];
      for (int i = 1; i < fields.length; i++) {
        sequences[u][i - 1] = numbers.get(fields[i]);
      }
    }
    return new InteractionSequences(ordered, sequences);
  }

  /** Numbers by value and before other names. */
  private static int compareNames(String a, String b) {
    boolean numberA = isNumber(a);
    boolean numberB = isNumber(b);
    if (numberA && numberB) {
      int byValue = Long.compare(Long.parseLong(a), Long.parseLong(b));
      return byValue != 0 ? byValue : a.compareTo(b);
    }
    return numberA == numberB ? a.compareTo(b) : numberA ? -1 : 1;
  }

  private static boolean isNumber(String name) {
    return name.length() <= 18 && name.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Number of users. */
  public int users() {
    return sequences.length;
  }

  /** Number of items, which are numbered from 1 to it. */
  public int items() {
    return items.size();
  }

  /** Name of an item in the file. */
  public String name(int item) {
    return items.get(item - 1);
  }

  /** Number of interactions of all users. */
  public long interactions() {
    long sum = 0;
    for (int[] sequence : sequences) {
      sum += sequence.length;
    }
    return sum;
  }

  /** The items of a user, oldest first; the array itself, not to be changed. */
  int[] sequence(int user) {
    return sequences[user];
  }
}
