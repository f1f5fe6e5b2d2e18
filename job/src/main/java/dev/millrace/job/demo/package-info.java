/**
 * The demo: an embedded broker, an embedded Flink, a replay, the job and a report, in the order in
 * which {@link dev.millrace.job.demo.Demo} starts them.
 */
package dev.millrace.job.demo;
