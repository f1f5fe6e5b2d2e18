package dev.millrace.model.reference;

import dev.millrace.model.objective.Objectives;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who computes which vectors: the registry's objectives by one generic runner, and one line here
 * for each layer, optimizer or augmentation.
 */
final class ReferenceRunners {

  private static final Map<String, ReferenceRunner> OTHERS = Map.ofEntries();

  private ReferenceRunners() {}

  static Map<String, ReferenceRunner> all() {
    Map<String, ReferenceRunner> runners = new TreeMap<>(OTHERS);
    for (String objective : Objectives.names()) {
      runners.put(objective, new ObjectiveRunner());
    }
    return runners;
  }
}
