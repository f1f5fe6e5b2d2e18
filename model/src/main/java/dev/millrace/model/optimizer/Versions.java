package dev.millrace.model.optimizer;

import java.io.IOException;

/** Checks the version number that every stored state begins with. */
final class Versions {

  private Versions() {}

  static void require(String what, int expected, int stored) throws IOException {
    if (stored != expected) {
      throw new IOException(
          "the stored state of "
              + what
              + " has version "
              + stored
              + ", this build reads "
              + expected);
    }
  }
}
