package dev.millrace.job.function;

import java.io.Serializable;
import java.time.Duration;

/**
 * How a {@link LearnOperator} runs, whatever it learns.
 *
 * @param scope what the scopes of its metrics begin with, so that two streams of one job do not
 *     overwrite each other's: {@code images/} or nothing
 * @param latePolicy what becomes of late events
 * @param progressMillis wall time between two progress records, for people who watch
 * @param warmUp how long the learner is exercised before the first event
 * @param device what it computes on
 * @param models where the models are written when the stream ends; null for nowhere
 */
public record LearnSettings(
    String scope,
    LatePolicy latePolicy,
    long progressMillis,
    Duration warmUp,
    LearnDevice device,
    ModelDirectory models)
    implements Serializable {}
