package dev.millrace.model.reference;

import dev.millrace.model.augment.ImageRunner;
import dev.millrace.model.augment.SequenceRunner;
import dev.millrace.model.encoder.ConvEncoderRunner;
import dev.millrace.model.encoder.EncoderRunner;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.objective.SinkhornRunner;
import dev.millrace.model.optimizer.OptimizerRunner;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who computes which vectors: the registry's objectives by one generic runner, and one line here
 * for each layer, optimizer, augmentation or part of an objective.
 */
final class ReferenceRunners {

  private static final Map<String, ReferenceRunner> OTHERS =
      Map.ofEntries(
          Map.entry("transformer-encoder", new EncoderRunner()),
          Map.entry("conv-encoder", new ConvEncoderRunner()),
          Map.entry("sinkhorn", new SinkhornRunner()),
          Map.entry("adam", new OptimizerRunner()),
          Map.entry("sgd-momentum", new OptimizerRunner()),
          Map.entry("lars", new OptimizerRunner()),
          Map.entry("ema", new OptimizerRunner()),
          Map.entry("sequence-augmentation", new SequenceRunner()),
          Map.entry("image-augmentation", new ImageRunner()));

  private ReferenceRunners() {}

  static Map<String, ReferenceRunner> all() {
    Map<String, ReferenceRunner> runners = new TreeMap<>(OTHERS);
    for (String objective : Objectives.names()) {
      runners.put(objective, new ObjectiveRunner());
    }
    return runners;
  }
}
