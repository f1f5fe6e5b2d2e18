/** What a run ends with: {@code report.json} for programs, {@code report.html} for people. */
package dev.millrace.job.report;
