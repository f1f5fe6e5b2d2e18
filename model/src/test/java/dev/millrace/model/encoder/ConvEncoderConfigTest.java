package dev.millrace.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.model.encoder.ConvEncoderConfig.Block;
import dev.millrace.model.encoder.ConvEncoderConfig.Head;
import dev.millrace.model.encoder.ConvEncoderConfig.Norm;
import dev.millrace.model.encoder.ConvEncoderConfig.Stem;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConvEncoderConfigTest {

  @Test
  void standardEncoderTakesNearlyEightMillionMultiplyAddsAPicture() {
    long stem = 256 * 48 * 32;
    long first = 64 * 64 * (288 + 576 + 32);
    long second = 16 * 128 * (576 + 1152 + 64);
    long head = 128 * 256 + 256 * 64;
    assertThat(ConvEncoderConfig.STANDARD.multiplyAdds(32)).isEqualTo(stem + first + second + head);
  }

  @Test
  void impossibleShapesAreRefusedWithTheReason() {
    ConvEncoderConfig standard = ConvEncoderConfig.STANDARD;
    assertThatThrownBy(() -> new Stem(32, 4, 2, 4)).hasMessageContaining("0 to 3");
    assertThatThrownBy(() -> new Stem(0, 4, 2, 1)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> new Block(8, 0)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> new Norm(-1, 1e-5, 0.1)).hasMessageContaining("groups");
    assertThatThrownBy(() -> new Norm(0, 0, 0.1)).hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new Norm(0, 1e-5, 0)).hasMessageContaining("momentum");
    assertThatThrownBy(() -> new Head(0, 64, true)).hasMessageContaining("head");
    assertThatThrownBy(
            () ->
                new ConvEncoderConfig(
                    3, standard.stem(), List.of(), standard.norm(), standard.head()))
        .hasMessageContaining("at least one residual block");
    assertThatThrownBy(
            () ->
                new ConvEncoderConfig(
                    3, standard.stem(), standard.blocks(), Norm.group(24), standard.head()))
        .hasMessageContaining("24 and 32");
    assertThatThrownBy(() -> standard.multiplyAdds(1)).hasMessageContaining("does not fit");
  }
}
