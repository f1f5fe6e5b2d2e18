package dev.millrace.connectors.replay;

/** One row of a file. */
interface Row {

  /** The cell of a column without spaces around it; empty when the row has none. */
  String cell(String column);

  /** Number of the line on which the row starts, from 1. */
  long line();
}
