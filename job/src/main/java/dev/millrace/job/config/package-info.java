/** The job's options, and how texts become one checked, immutable {@link JobConfig}. */
package dev.millrace.job.config;
