/**
 * The topic through which the lanes of a job tell each other how far they are and what they have
 * learned.
 */
package dev.millrace.connectors.rounds;
