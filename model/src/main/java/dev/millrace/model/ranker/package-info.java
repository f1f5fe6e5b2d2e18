/**
 * The online ranker: counts of many kinds and the neural score, blended by weights that are learned
 * while the stream runs.
 *
 * <p>{@link dev.millrace.model.ranker.OnlineRanker} is the way in. Item facts, users' pasts, pair
 * counts and neighbours are the counts; {@link dev.millrace.model.ranker.Component} names what is
 * made of them; a standardizer and the blend turn that into one score.
 */
package dev.millrace.model.ranker;
