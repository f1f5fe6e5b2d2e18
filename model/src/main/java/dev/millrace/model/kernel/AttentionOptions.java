package dev.millrace.model.kernel;

/**
 * Options of attention.
 *
 * @param heads number of heads; divides the width
 * @param dropout rate on the probabilities, 0 for none
 * @param seed seed of that dropout
 */
public record AttentionOptions(int heads, double dropout, long seed) {}
