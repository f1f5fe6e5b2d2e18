/**
 * A real Flink cluster of several processes on this machine, its job, and what can be done to both:
 * kill, restart, stop with a savepoint, restore. {@link dev.millrace.job.cluster.FlinkCluster} is
 * where to begin.
 */
package dev.millrace.job.cluster;
