package dev.millrace.job.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.data.Interaction;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaneKeysTest {

  @ParameterizedTest
  @CsvSource({"8,2,4", "8,4,2", "64,8,8", "1,1,1", "8,8,1"})
  void lanesSpreadEvenlyOverSubtasks(int lanes, int parallelism, int perSubtask) {
    int[] load = new int[parallelism];
    for (int key : LaneKeys.<Interaction>of(lanes, 128).keys()) {
      load[KeyGroupRangeAssignment.assignKeyToParallelOperator(key, 128, parallelism)]++;
    }
    assertThat(load).containsOnly(perSubtask);
  }

  @Test
  void usersSpreadOverLanes() {
    LaneKeys<Interaction> keys = LaneKeys.of(8, 128);
    int[] users = new int[8];
    IntStream.range(0, 8_000).forEach(i -> users[keys.lane("user-" + i)]++);
    assertThat(Arrays.stream(users).min().orElseThrow()).isGreaterThan(850);
  }

  @Test
  void refusesMoreLanesThanKeyGroups() {
    assertThatThrownBy(() -> LaneKeys.of(129, 128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("129")
        .hasMessageContaining("128");
  }
}
