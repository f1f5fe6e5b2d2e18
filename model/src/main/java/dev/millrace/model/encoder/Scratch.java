package dev.millrace.model.encoder;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.RowBuffer;

/** Workspaces that live within one layer's pass and are shared by all layers. */
final class Scratch {

  private final RowBuffer rows;
  private final RowBuffer gradientRows;
  private final RowBuffer contextRows;
  private final RowBuffer queryRows;
  private final RowBuffer keyRows;
  private final RowBuffer valueRows;
  private final RowBuffer innerRows;

  Scratch(Kernels kernels, EncoderConfig config) {
    rows = new RowBuffer(kernels, config.width());
    gradientRows = new RowBuffer(kernels, config.width());
    contextRows = new RowBuffer(kernels, config.width());
    queryRows = new RowBuffer(kernels, config.width());
    keyRows = new RowBuffer(kernels, config.width());
    valueRows = new RowBuffer(kernels, config.width());
    innerRows = new RowBuffer(kernels, config.inner());
  }

  Matrix rows(int count) {
    return rows.rows(count);
  }

  Matrix gradientRows(int count) {
    return gradientRows.rows(count);
  }

  Matrix contextRows(int count) {
    return contextRows.rows(count);
  }

  Matrix queryRows(int count) {
    return queryRows.rows(count);
  }

  Matrix keyRows(int count) {
    return keyRows.rows(count);
  }

  Matrix valueRows(int count) {
    return valueRows.rows(count);
  }

  Matrix innerRows(int count) {
    return innerRows.rows(count);
  }
}
