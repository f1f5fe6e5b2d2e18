/** Flink operators and functions: thin shells around the plain objects that do the work. */
package dev.millrace.job.function;
