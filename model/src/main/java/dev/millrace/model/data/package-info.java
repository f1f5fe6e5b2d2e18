/** The records that cross modules: strings, primitives and {@code float[]}, never an ND4J array. */
package dev.millrace.model.data;
