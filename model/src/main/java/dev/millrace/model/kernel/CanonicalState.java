package dev.millrace.model.kernel;

import java.io.DataOutput;
import java.io.IOException;

/**
 * State with one byte form: equal states write equal bytes, whatever history led to them, and what
 * is read back continues bit for bit. The first int is a version.
 */
@FunctionalInterface
public interface CanonicalState {

  void writeTo(DataOutput out) throws IOException;
}
