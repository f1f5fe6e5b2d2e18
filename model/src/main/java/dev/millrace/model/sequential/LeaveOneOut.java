package dev.millrace.model.sequential;

import java.util.Arrays;

/**
 * Leave-one-out: of each sequence the last item is the test target, the one before it the
 * validation target, and all earlier ones are for training, each with what came before it as its
 * history (sliding prefixes).
 *
 * <p>A user of m items gives m - 3 training examples. A history longer than the window loses its
 * oldest items.
 *
 * <p>As in Kang and McAuley, Self-attentive sequential recommendation, ICDM 2018, section IV; the
 * prefixes as in Qin et al., Meta-optimized contrastive learning for sequential recommendation,
 * SIGIR 2023.
 */
final class LeaveOneOut {

  private final InteractionSequences data;
  private final int window;
  private final int[] exampleUsers;
  private final int[] exampleLengths;

  /**
   * @param window longest history
   */
  LeaveOneOut(InteractionSequences data, int window) {
    this.data = data;
    this.window = window;
    int count = 0;
    for (int u = 0; u < data.users(); u++) {
      count += data.sequence(u).length - 3;
    }
    exampleUsers = new int[count];
    exampleLengths = new int[count];
    int at = 0;
    for (int u = 0; u < data.users(); u++) {
      for (int length = 1; length < data.sequence(u).length - 2; length++) {
        exampleUsers[at] = u;
        exampleLengths[at++] = length;
      }
    }
  }

  InteractionSequences data() {
    return data;
  }

  /** The two items that are held out. */
  enum Target {
    VALIDATION(2),
    TEST(1);

    private final int fromEnd;

    Target(int fromEnd) {
      this.fromEnd = fromEnd;
    }
  }

  int target(Target of, int user) {
    int[] sequence = data.sequence(user);
    return sequence[sequence.length - of.fromEnd];
  }

  /** What came before a held-out item, the window's length of it. */
  int[] history(Target of, int user) {
    return last(data.sequence(user), data.sequence(user).length - of.fromEnd);
  }

  /** All that came before a held-out item. */
  int[] past(Target of, int user) {
    int[] sequence = data.sequence(user);
    return Arrays.copyOf(sequence, sequence.length - of.fromEnd);
  }

  /** Number of training examples. */
  int examples() {
    return exampleUsers.length;
  }

  int exampleUser(int example) {
    return exampleUsers[example];
  }

  int exampleTarget(int example) {
    return data.sequence(exampleUsers[example])[exampleLengths[example]];
  }

  int[] exampleHistory(int example) {
    return last(data.sequence(exampleUsers[example]), exampleLengths[example]);
  }

  private int[] last(int[] sequence, int length) {
    return Arrays.copyOfRange(sequence, Math.max(0, length - window), length);
  }
}
