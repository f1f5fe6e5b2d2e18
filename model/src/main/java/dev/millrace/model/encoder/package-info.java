/**
 * Encoders: forward, backward, parameters.
 *
 * <p>{@link dev.millrace.model.encoder.TransformerEncoder} turns sequences of items, packed without
 * padding in a {@link dev.millrace.model.encoder.SequenceBatch}, into one row for each position
 * that is asked for. Item rows come from the caller's table and their gradient goes back to it.
 *
 * <p>{@link dev.millrace.model.encoder.ConvEncoder} turns pictures, one row for each pixel, into
 * pooled features and their projection; {@link dev.millrace.model.encoder.EncoderAverage} is the
 * copy of it that serves.
 *
 * <p>{@link dev.millrace.model.encoder.PatchCodes} embeds pictures without any gradient.
 */
package dev.millrace.model.encoder;
