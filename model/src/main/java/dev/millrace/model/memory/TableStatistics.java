package dev.millrace.model.memory;

/**
 * Figures of an {@link EmbeddingTable}.
 *
 * @param rows ids that have a row
 * @param candidates ids that are counted and have none yet
 * @param admissions rows given out since the start
 * @param evictions rows taken away for want of room
 * @param expiries rows taken away for want of use
 * @param forgottenCandidates candidates dropped before they had a row
 * @param memoryBytes bytes held, on and off the heap
 */
public record TableStatistics(
    int rows,
    int candidates,
    long admissions,
    long evictions,
    long expiries,
    long forgottenCandidates,
    long memoryBytes) {}
