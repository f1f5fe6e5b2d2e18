/**
 * Seeded views of a sequence or an image.
 *
 * <p>What is drawn and what is done with it are apart: {@link
 * dev.millrace.model.augment.SequenceOperations} and {@link
 * dev.millrace.model.augment.ImageOperations} are functions of their arguments, {@link
 * dev.millrace.model.augment.SequenceViews} and {@link dev.millrace.model.augment.ImageViews} draw
 * them. None changes the history or picture that it is given.
 */
package dev.millrace.model.augment;
