/** Names of all metrics and the gauges behind them. */
package dev.millrace.job.metrics;
