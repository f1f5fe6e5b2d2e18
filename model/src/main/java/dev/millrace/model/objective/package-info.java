/**
 * Contrastive objectives: one class each behind the registry {@link
 * dev.millrace.model.objective.Objectives}.
 *
 * <p>An objective declares its {@link dev.millrace.model.objective.Signature}; shape checks, random
 * inputs for the contract test, the table of all objectives and the check of a job's configuration
 * are all derived from it.
 */
package dev.millrace.model.objective;
