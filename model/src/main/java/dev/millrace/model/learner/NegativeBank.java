package dev.millrace.model.learner;

import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.objective.ObjectiveInputs;
import java.util.List;

interface NegativeBank {
  void putInto(ObjectiveInputs inputs, List<BasketExample> examples);

  void enqueue(Matrix keys, List<BasketExample> examples);
}
