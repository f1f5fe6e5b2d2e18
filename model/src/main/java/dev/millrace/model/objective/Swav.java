package dev.millrace.model.objective;

import static dev.millrace.model.objective.Signature.Kind.CONSTANT;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;

/**
 * Swapped assignments between views: every crop predicts the prototypes to which other crops of the
 * same image are assigned, and assignments are balanced over the batch.
 *
 * <pre>
 *   s_v = z_v c^T  (unit rows; crop v = rows vB to (v+1)B - 1)
 *   Q_a = last B rows of the balanced assignment of [queue_a c^T; s_a], constant
 *   L_a = mean over v != a, rows i of  - sum_k Q_a,ik log softmax(s_v,i / tau)_k
 *   loss = mean of L_a over the first assignmentCrops crops
 * </pre>
 *
 * <p>Shapes: {@code z: (crops B) x D} raw, crop after crop; {@code prototypes: K x D}, unit rows by
 * the caller before each batch; optional {@code queue: assignmentCrops x L x D}, unit rows and
 * constant; optional {@code columnTargets: [K]}, each prototype's share of the rows, above 0 with
 * sum 1, equal shares without. Gradients {@code z, prototypes}, the latter at the unit rows: it
 * does not pass a normalisation. Outputs {@code assignments: assignmentCrops x B x K} and {@code
 * assignmentLoss: [assignmentCrops]}.
 *
 * <p>Means over rows, predicting crops and assigned crops. Parameters: {@code tau, epsilon} above
 * 0; {@code iterations} at least 1; {@code crops} at least 2; {@code assignmentCrops} from 1 to
 * {@code crops}. An empty queue counts as none; one row, or one prototype, gives a loss but says
 * little: K of at most half the rows that are balanced is sensible.
 *
 * <p>Each assigned crop has a queue of its own, older rows scored on today's prototypes; it enters
 * once it is full, and a batch's rows are appended after its loss. Balancing adds no constant to
 * its sums, see {@link Sinkhorn}.
 *
 * <p>Caron et al., Unsupervised Learning of Visual Features by Contrasting Cluster Assignments,
 * NeurIPS 2020, section 3.
 */
final class Swav implements Objective {

  private final Signature signature;
  private final Kernels kernels;
  private final Workspace workspace;
  private final UnitRows rows;
  private final StopGradient stopGradient = new StopGradient();
  private final SwappedPrediction prediction;
  private final int crops;
  private final int assigned;

  Swav(Kernels kernels, ObjectiveParameters parameters) {
    this.kernels = kernels;
    this.workspace = new Workspace(kernels);
    this.rows = new UnitRows(kernels);
    this.prediction = new SwappedPrediction(kernels, parameters, stopGradient);
    this.crops = parameters.integer("crops", 2);
    this.assigned = parameters.integer("assignmentCrops", 2);
    if (crops < 2) {
      throw new IllegalArgumentException("parameter 'crops' must be at least 2, was " + crops);
    }
    if (assigned < 1 || assigned > crops) {
      throw new IllegalArgumentException(
          "parameter 'assignmentCrops' must be from 1 to %d, the crops, was %d"
              .formatted(crops, assigned));
    }
    this.signature =
        Signature.of()
            .differentiable("z", crops + "B", "D")
            .parameter("prototypes", ValueRange.unitRows(), "K", "D")
            .optional("queue", CONSTANT, ValueRange.unitRows(), "" + assigned, "L", "D")
            .optional("columnTargets", CONSTANT, ValueRange.distribution(), "K")
            .build();
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public StopGradient stopGradient() {
    return stopGradient;
  }

  @Override
  public LossAndGradient evaluate(ObjectiveInputs inputs) {
    signature.bind(inputs);
    Matrix z = rows.forward(inputs.matrix("z"));
    Matrix queue = inputs.has("queue") ? inputs.matrix("queue") : null;
    Matrix targets = inputs.has("columnTargets") ? inputs.matrix("columnTargets") : null;
    SwappedPrediction.Result result =
        prediction.evaluate(z, crops, assigned, inputs.matrix("prototypes"), queue, targets);
    Matrix assignmentLoss = workspace.matrix("assignmentLoss", 1, assigned);
    kernels.write(result.losses(), assignmentLoss);
    return new LossAndGradient(result.loss())
        .withGradient("z", rows.backward(result.gradientZ()))
        .withGradient("prototypes", result.gradientPrototypes())
        .withOutput("assignments", result.assignments())
        .withOutput("assignmentLoss", assignmentLoss);
  }
}
