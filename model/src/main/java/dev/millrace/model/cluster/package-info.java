/**
 * Clusters of a stream of embeddings: prototypes that are learned with the encoder, the queue of
 * older embeddings that balances their assignment, and the guard that notices when either
 * collapses.
 *
 * <p>The assignment itself is {@link dev.millrace.model.objective.Sinkhorn}.
 */
package dev.millrace.model.cluster;
