package dev.millrace.job.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.junit.jupiter.api.Test;

class LearnDeviceTest {

  private record Gpu(String index) implements ExternalResourceInfo {
    @Override
    public Optional<String> getProperty(String key) {
      return key.equals("index") ? Optional.of(index) : Optional.empty();
    }

    @Override
    public Collection<String> getKeys() {
      return List.of("index");
    }
  }

  @Test
  void subtasksTakeTheGpusOfTheirTaskManagerInTurn() {
    List<Gpu> gpus = List.of(new Gpu("10"), new Gpu("2"));
    assertThat(LearnDevice.GPU.gpu(gpus, 0)).hasValue(2);
    assertThat(LearnDevice.GPU.gpu(gpus, 1)).hasValue(10);
    assertThat(LearnDevice.AUTO.gpu(gpus, 2)).hasValue(2);
  }

  @Test
  void demandedGpuThatIsAbsentFailsAndSaysWhatToDo() {
    assertThatThrownBy(() -> LearnDevice.GPU.gpu(List.of(), 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("external-resources: gpu")
        .hasMessageContaining("set learn.device to cpu or auto");
    assertThat(LearnDevice.AUTO.gpu(List.of(), 0)).isEmpty();
  }
}
