package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.reference.ReferenceArray;
import dev.millrace.model.reference.ReferenceCase;
import dev.millrace.model.reference.ReferenceRunner;

/** Runs the vectors of balanced assignments, which have no loss and so are no objective. */
public final class SinkhornRunner implements ReferenceRunner {

  @Override
  public Result run(Kernels kernels, ReferenceCase reference) {
    ReferenceArray scores = reference.input("scores");
    int count = scores.shape()[0];
    Matrix stacked = scores.matrix(kernels);
    if (reference.inputs().containsKey("queueScores")) {
      Matrix queue = reference.input("queueScores").matrix(kernels);
      Matrix batch = stacked;
      stacked = kernels.allocate(queue.rows() + count, batch.columns());
      kernels.copy(queue, stacked.rows(0, queue.rows()));
      kernels.copy(batch, stacked.rows(queue.rows(), stacked.rows()));
    }
    Sinkhorn sinkhorn =
        new Sinkhorn(kernels, reference.number("epsilon"), (int) reference.number("iterations"));
    Result result = new Result();
    result
        .outputs()
        .put("assignments", ContractSubject.values(kernels, sinkhorn.assign(stacked, count)));
    return result;
  }
}
