/**
 * Benchmarks of the model's numeric work beside eager libtorch in one JVM; see the README beside
 * these sources. Part of no build but that of the profile {@code bench}.
 */
package dev.millrace.model.bench;
