package dev.millrace.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

class MatrixCopyTest {

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void whatIsCopiedInComesOutOfEveryView(DataType type) {
    Matrix matrix = Matrix.allocate(type, 5, 3);
    float[] values = new float[17];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 0.1f;
    }
    matrix.copyFrom(values, 2);

    assertThat(matrix.get(0, 0)).isEqualTo((double) values[2]);
    assertThat(matrix.get(4, 2)).isEqualTo((double) values[16]);

    Matrix view = matrix.rows(1, 4);
    float[] target = new float[11];
    view.copyTo(target, 2);
    assertThat(target[1]).isZero();
    for (int i = 0; i < 9; i++) {
      assertThat(target[2 + i]).isEqualTo(values[2 + 3 + i]);
    }

    double[] wide = new double[9];
    view.reshaped(1, 9).copyTo(wide, 0);
    for (int i = 0; i < 9; i++) {
      assertThat(wide[i]).isEqualTo((double) values[2 + 3 + i]);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void writingAViewLeavesTheOtherRowsAlone(DataType type) {
    Matrix matrix = Matrix.allocate(type, 4, 2);
    double[] values = {1.0 / 3, 2.0 / 3, 4.0 / 3, 5.0 / 3};
    matrix.rows(1, 3).copyFrom(values, 0);

    double[] all = new double[8];
    matrix.copyTo(all, 0);
    for (int i = 0; i < 4; i++) {
      double expected = type == DataType.DOUBLE ? values[i] : (float) values[i];
      assertThat(all[2 + i]).isEqualTo(expected);
    }
    assertThat(new double[] {all[0], all[1], all[6], all[7]}).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void anArrayThatIsTooShortIsRefused(DataType type) {
    Matrix matrix = Matrix.allocate(type, 2, 2);
    assertThatThrownBy(() -> matrix.copyTo(new float[4], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> matrix.copyFrom(new double[3], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void emptyMatricesCopyNothing(DataType type) {
    float[] target = {7};
    Matrix.allocate(type, 3, 2).rows(1, 1).copyTo(target, 0);
    assertThat(target).containsExactly(7);
  }
}
