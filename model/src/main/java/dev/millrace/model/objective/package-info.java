/**
 * Contrastive objectives: one class each behind the registry {@link
 * dev.millrace.model.objective.Objectives}.
 *
 * <p>An objective declares its {@link dev.millrace.model.objective.Signature}; shape checks, random
 * inputs for the contract test, the table of all objectives and the check of a job's configuration
 * are all derived from it.
 *
 * <p><b>How to add an objective</b>
 *
 * <ol>
 *   <li>One class {@code final class Foo implements Objective} with the constructor {@code
 *       Foo(Kernels, ObjectiveParameters)}, which reads every parameter with its default and
 *       neither allocates nor computes (the registry calls it without kernels to read the
 *       signature).
 *   <li>Signature: name the inputs as the field does. B is the batch (the contract test permutes
 *       along B and {@code 2B}), M a bank and L a queue (both may be 0), V views, D features; state
 *       the {@link dev.millrace.model.objective.ValueRange} of what is not any number. {@code
 *       parameter(...)} is for weights that the learner trains on the objective's behalf; {@code
 *       size("H", 64)} for symbols that the data do not determine. What the objective would carry
 *       from batch to batch is an input and comes back as an output.
 *   <li>{@code evaluate} starts with {@code signature.bind(inputs)}, takes all matrices from one
 *       {@link dev.millrace.model.objective.Workspace} (contents are not cleared), normalises with
 *       one {@link dev.millrace.model.objective.UnitRows} per input, masks with {@link
 *       dev.millrace.model.objective.Entries} (minus infinity; the softmax is then exactly 0), and
 *       returns {@code new
 *       LossAndGradient(loss).withGradient(...).withOutput(...).withScalar(...)}. Columns of
 *       numbers per row may be read into a {@code double[]}; matrices of the size of the logits
 *       stay in the kernels.
 *   <li>Precision: subtract the positive's logit before the sum, not after; use {@code
 *       crossEntropyRowsInPlace}, or softplus and sigmoid of the log-sum of the negatives, in place
 *       of {@code 1 - p}. In-batch similarities need both {@code G z} and {@code G^T z}.
 *   <li>A value that depends on a differentiable input but is a constant (weights, assignments,
 *       selections) passes through {@link dev.millrace.model.objective.StopGradient}; keep one and
 *       return it from {@code stopGradient()}.
 *   <li>Every empty set has a result, 0 unless the class says otherwise; guard banks of no rows.
 *   <li>One line in {@code Objectives}: name, loss in one line, citation, constructor. Several
 *       input forms are several classes in one line: {@code form("in-batch", CacrInBatch::new),
 *       form("bank", CacrBank::new)}; the parameter {@code variant} or else the given inputs
 *       choose. If order within the batch matters, {@code form(...).orderMatters("because ...")}.
 *   <li>One test {@code FooTest} with what is true of this objective alone (identities, limits).
 *       Vectors and contract run by themselves: {@code ReferenceVectorsTest} finds {@code
 *       foo-*.json}, {@code ObjectiveContractTest} draws inputs from the signature.
 * </ol>
 */
package dev.millrace.model.objective;
