package dev.millrace.job.demo;

import dev.millrace.connectors.replay.ReplayResult;

/**
 * A run of a demo that has ended.
 *
 * @param replayed what was sent
 * @param partitions partitions of the topic
 * @param started {@link System#nanoTime} when the first event was sent
 * @param seconds from then to the end of the job
 * @param work temporary files, such as the model
 */
public record DemoRun(
    ReplayResult replayed, int partitions, long started, double seconds, WorkDirectory work) {}
