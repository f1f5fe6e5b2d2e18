package dev.millrace.model.learner;

import java.io.DataInput;
import java.io.IOException;
import java.io.Serializable;

/** Makes the learner of a lane, fresh or from its written state. */
public interface LearnerFactory extends Serializable {

  OnlineLearner create();

  /**
   * Restores a learner.
   *
   * @throws IOException if the bytes are of an unknown version or of another configuration; the
   *     message names both
   */
  OnlineLearner restore(DataInput in) throws IOException;
}
