package dev.millrace.job.demo;

import dev.millrace.connectors.replay.Pace;
import dev.millrace.connectors.replay.ReplaySource;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/**
 * What a demo run does.
 *
 * @param data makes the rows to replay, given a directory for temporary files
 * @param dataName name of the data in the report
 * @param events usable rows after which the replay ends
 * @param pace how fast they are sent
 * @param partitions partitions of the interactions' topic
 * @param values options of the job
 * @param out where the report goes
 */
public record DemoOptions(
    Function<Path, ReplaySource.Rows> data,
    String dataName,
    long events,
    Pace pace,
    int partitions,
    Map<String, String> values,
    Path out) {}
