/**
 * The online learner: one step is test, then learn.
 *
 * <p>{@link dev.millrace.model.learner.OnlineLearner} is what a stream processor drives, one per
 * lane; everything that changes the next step is in the state that it writes.
 */
package dev.millrace.model.learner;
