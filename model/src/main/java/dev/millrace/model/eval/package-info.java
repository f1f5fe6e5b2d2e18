/**
 * Test-then-train evaluation: ranking metrics, the counting baselines that every model is measured
 * against, and the protocol that ranks a basket before anything is learned from it.
 *
 * <p>Users and items are dense indices, given by the caller in the order in which they first
 * appear. A {@link dev.millrace.model.eval.TimeGroup} holds the baskets of one time stamp; a {@link
 * dev.millrace.model.eval.PrequentialEvaluator} first ranks each of them with every {@link
 * dev.millrace.model.eval.Scorer}, then lets {@link dev.millrace.model.eval.InteractionCounts}
 * learn the group.
 *
 * <p>Embeddings with classes are measured by {@link dev.millrace.model.eval.NeighbourClassifier},
 * along a stream by {@link dev.millrace.model.eval.PrequentialNeighbours}; clusters by {@link
 * dev.millrace.model.eval.MutualInformation}, beside {@link dev.millrace.model.eval.KMeans}.
 */
package dev.millrace.model.eval;
