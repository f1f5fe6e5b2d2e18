/**
 * Seeded views of a sequence.
 *
 * <p>What is drawn and what is done with it are apart: {@link
 * dev.millrace.model.augment.SequenceOperations} is a function of its arguments, {@link
 * dev.millrace.model.augment.SequenceViews} draws them. Neither changes the history that it is
 * given.
 */
package dev.millrace.model.augment;
