package dev.millrace.model.objective;

import dev.millrace.model.kernel.Matrix;

/**
 * What both layers of a graph convolution are made of, or the gradients of it.
 *
 * @param v features times the first weight, {@code n x H}
 * @param b1 {@code 1 x H}
 * @param w2 {@code H x O}
 * @param b2 {@code 1 x O}
 */
record GcnLayers(Matrix v, Matrix b1, Matrix w2, Matrix b2) {}
