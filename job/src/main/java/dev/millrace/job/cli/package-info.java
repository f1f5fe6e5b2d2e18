/** The command line: {@code millrace demo | replay | record | run | evaluate | objectives}. */
package dev.millrace.job.cli;
