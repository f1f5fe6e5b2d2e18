/** The wiring: which operator reads from which, under which uid. */
package dev.millrace.job.topology;
