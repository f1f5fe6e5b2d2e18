package dev.millrace.model.augment;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.reference.ReferenceCase;
import dev.millrace.model.reference.ReferenceRunner;
import java.util.Arrays;

/** Runs the operators on the draws of the vectors; their sequences are padded, ours are not. */
public final class SequenceRunner implements ReferenceRunner {

  @Override
  public Result run(Kernels kernels, ReferenceCase reference) {
    int[] padded = reference.input("ids").integers();
    int[] items = Arrays.copyOf(padded, (int) reference.number("length"));
    int[] view = view(reference, items);
    Result result = new Result();
    result
        .outputs()
        .put("ids", Arrays.stream(Arrays.copyOf(view, padded.length)).asDoubleStream().toArray());
    result.outputs().put("length", new double[] {view.length});
    return result;
  }

  private static int[] view(ReferenceCase reference, int[] items) {
    return switch (reference.params().get("operator").toString()) {
      case "crop" ->
          SequenceOperations.crop(
              items, (int) reference.number("start"), (int) reference.number("count"));
      case "mask" -> SequenceOperations.mask(items, reference.input("positions").integers(), 0);
      case "reorder" ->
          SequenceOperations.reorder(
              items, (int) reference.number("start"), reference.input("permutation").integers());
      default -> throw new IllegalArgumentException("no operator for " + reference);
    };
  }
}
