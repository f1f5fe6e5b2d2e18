package dev.millrace.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ObjectivesTest {

  @Test
  void unknownNameSuggestsTheNearest() {
    assertThatThrownBy(() -> Objectives.of("ntxent"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown objective 'ntxent'; did you mean 'nt-xent'?");
  }

  @Test
  void nameThatResemblesNothingListsTheKnownOnes() {
    assertThatThrownBy(() -> Objectives.of("banana-bread-with-walnuts"))
        .hasMessageContaining("known are [")
        .hasMessageContaining("info-nce");
  }

  @Test
  void parameterThatNobodyReadIsRefusedWithTheNearest() {
    ObjectiveParameters parameters = new ObjectiveParameters(Map.of("tua", 0.2));
    assertThatThrownBy(() -> Objectives.NT_XENT.create(null, parameters))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("objective 'nt-xent' has no parameter 'tua'; did you mean 'tau'?");
  }

  @Test
  void temperatureMustBePositive() {
    ObjectiveParameters parameters = new ObjectiveParameters(Map.of("tau", "0"));
    assertThatThrownBy(() -> Objectives.DCL.create(null, parameters))
        .hasMessageContaining("parameter 'tau' must be finite and above 0, was 0.0");
  }

  @Test
  void parametersAreReadFromText() {
    Signature signature =
        Objectives.INFO_NCE
            .create(null, new ObjectiveParameters(Map.of("keyGradient", "true", "tau", ".1")))
            .signature();
    assertThat(signature.input("k").receivesGradient()).isTrue();
  }

  @Test
  void namesAreDistinct() {
    assertThat(new HashSet<>(Objectives.names())).hasSize(Objectives.values().length);
  }

  @Test
  void needsFollowFromTheSignature() {
    assertThat(Objectives.NT_XENT.needs().get("")).containsExactly("views");
    assertThat(Objectives.INFO_NCE.needs().get("")).containsExactlyInAnyOrder("views", "bank");
    assertThat(Objectives.SOFTMAX_CE.needs().get("")).contains("targets");
  }

  @ParameterizedTest
  @EnumSource
  void everyObjectiveNamesItsPaperAndItsParameters(Objectives objective) {
    assertThat(objective.paper()).containsPattern("[12][0-9]{3}");
    for (String variant : objective.variants()) {
      assertThat(objective.signature(variant).inputs()).isNotEmpty();
      assertThat(objective.defaults(variant)).doesNotContainKey("variant");
    }
  }
}
