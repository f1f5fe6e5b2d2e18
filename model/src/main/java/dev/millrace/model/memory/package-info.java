/**
 * What the learner remembers between steps, in bounded memory: rows by id ({@link
 * dev.millrace.model.memory.EmbeddingTable}) and negatives by key ({@link
 * dev.millrace.model.memory.MemoryBank}).
 *
 * <p>Every type here is deterministic: the same operations give the same rows, the same evictions
 * and the same canonical bytes, and what is restored from those bytes continues bit for bit.
 */
package dev.millrace.model.memory;
