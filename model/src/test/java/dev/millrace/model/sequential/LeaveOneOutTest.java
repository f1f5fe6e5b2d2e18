package dev.millrace.model.sequential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaveOneOutTest {

  private final LeaveOneOut split = new LeaveOneOut(Sequences.of("a 1 2 3 4 5 6", "b 2 1 3"), 3);

  @Test
  void lastItemIsTestAndTheOneBeforeItValidation() {
    assertThat(split.target(LeaveOneOut.Target.TEST, 0)).isEqualTo(6);
    assertThat(split.target(LeaveOneOut.Target.VALIDATION, 0)).isEqualTo(5);
    assertThat(split.past(LeaveOneOut.Target.TEST, 0)).containsExactly(1, 2, 3, 4, 5);
    assertThat(split.past(LeaveOneOut.Target.VALIDATION, 1)).containsExactly(2);
  }

  @Test
  void longHistoriesLoseTheirOldestItems() {
    assertThat(split.history(LeaveOneOut.Target.TEST, 0)).containsExactly(3, 4, 5);
    assertThat(split.history(LeaveOneOut.Target.TEST, 1)).containsExactly(2, 1);
  }

  @Test
  void everyPrefixBeforeTheHeldOutItemsIsAnExample() {
    List<String> examples = new ArrayList<>();
    for (int e = 0; e < split.examples(); e++) {
      examples.add(
          split.exampleUser(e) + Arrays.toString(split.exampleHistory(e)) + split.exampleTarget(e));
    }
    assertThat(examples).containsExactly("0[1]2", "0[1, 2]3", "0[1, 2, 3]4");
  }
}
