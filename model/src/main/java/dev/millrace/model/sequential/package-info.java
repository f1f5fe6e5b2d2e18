/**
 * Sequential recommendation from a file of sequences: the leave-one-out protocol, the published
 * methods that are trained under it, and the counts beside them.
 *
 * <p>{@link dev.millrace.model.sequential.LeaveOneOutEvaluation} is the way in. {@link
 * dev.millrace.model.sequential.LeaveOneOut} cuts {@link
 * dev.millrace.model.sequential.InteractionSequences} into training, validation and test; {@link
 * dev.millrace.model.sequential.SequentialMethod} names the methods, all of them on one encoder and
 * a full softmax; {@link dev.millrace.model.sequential.HistoryScorer} is what the protocol ranks
 * by, be it a trained model, a table of counts or the blend of both.
 */
package dev.millrace.model.sequential;
