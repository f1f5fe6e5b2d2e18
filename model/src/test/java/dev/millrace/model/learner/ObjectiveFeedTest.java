package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.objective.Objectives;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObjectiveFeedTest {

  private static ObjectiveFeed feed(
      String objective, Map<String, String> parameters, SequenceLearnerConfig.Labels labels) {
    return ObjectiveFeed.of(
        SequenceLearnerConfig.standard(1).training().withObjective(objective, parameters, labels));
  }

  @Test
  void objectivesOfViewsBankLabelsAndOwnWeightsAreFed() {
    assertThat(
            Arrays.stream(Objectives.values())
                .filter(objective -> SequenceLearnerConfig.refusal(objective).isEmpty())
                .map(Objectives::key))
        .containsExactlyInAnyOrder(
            "softmax-ce",
            "nt-xent",
            "info-nce",
            "dcl",
            "dclw",
            "mv-infonce",
            "mv-dhel",
            "cacr",
            "amcl",
            "sup-con",
            "feature-transformation",
            "hydra",
            "mclrec",
            "swav",
            "hiclr",
            "adameow");
  }

  @Test
  void objectiveOfLabelsIsRefusedWithoutThemAndSaysWhatToDo() {
    assertThatThrownBy(() -> feed("sup-con", Map.of(), SequenceLearnerConfig.Labels.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("objective 'sup-con' cannot learn from a stream of interactions")
        .hasMessageContaining("set learn.labels to category");
    assertThat(
            feed("sup-con", Map.of(), SequenceLearnerConfig.Labels.CATEGORY)
                .takes(ObjectiveFeed.Source.LABELS_OF_VIEWS))
        .isTrue();
  }

  @Test
  void objectiveOfAGraphIsRefusedWithWhatItNeeds() {
    assertThatThrownBy(() -> feed("pot", Map.of(), SequenceLearnerConfig.Labels.CATEGORY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'pot'")
        .hasMessageContaining("it needs 'x' (B x D), which it does not have");
  }

  @Test
  void formThatIsNamedIsTaken() {
    ObjectiveFeed bank = feed("cacr", Map.of("variant", "bank"), SequenceLearnerConfig.Labels.NONE);
    assertThat(bank.takes(ObjectiveFeed.Source.BANK)).isTrue();
    ObjectiveFeed batch = feed("cacr", Map.of(), SequenceLearnerConfig.Labels.NONE);
    assertThat(batch.takes(ObjectiveFeed.Source.BANK)).isFalse();
    assertThat(batch.takes(ObjectiveFeed.Source.VIEWS)).isTrue();
  }

  @Test
  void unknownParameterNamesTheNearest() {
    assertThatThrownBy(() -> feed("nt-xent", Map.of("tua", "1"), SequenceLearnerConfig.Labels.NONE))
        .hasMessageContaining("has no parameter 'tua'")
        .hasMessageContaining("did you mean 'tau'");
  }
}
