/**
 * Parameters of a model part and the rules that change them.
 *
 * <p>{@link dev.millrace.model.optimizer.Parameters} holds named matrices with their gradients in
 * one piece of memory; an {@link dev.millrace.model.optimizer.Optimizer} is bound to one of them
 * and owns its moments. Rows of an embedding table go through {@link
 * dev.millrace.model.optimizer.RowAdam}. Everything that changes a later step can be written and
 * read back, bit for bit.
 */
package dev.millrace.model.optimizer;
