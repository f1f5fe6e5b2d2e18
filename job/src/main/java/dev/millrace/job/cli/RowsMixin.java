package dev.millrace.job.cli;

import dev.millrace.connectors.replay.ColumnMapping;
import dev.millrace.connectors.replay.RowFilter;
import dev.millrace.connectors.replay.TimeFormat;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How the rows of a file become interactions. */
final class RowsMixin {

  @Option(
      names = "--map",
      paramLabel = "FIELD=COLUMN,...",
      description =
          "Columns of the fields user, item, time, type, weight and category, such as"
              + " user=CustomerID,item=StockCode,time=InvoiceDate. Default: columns of those names.")
  private String map;

  @Option(
      names = "--where",
      paramLabel = "CONDITION",
      description =
          "Takes only rows that meet it, such as 'Quantity>0', 'CustomerID!=' (not empty) or"
              + " 'StockCode~^[0-9]'. May be given several times; rows left out are counted.")
  private List<String> where = new ArrayList<>();

  @Option(
      names = "--time-format",
      paramLabel = "FORMAT",
      defaultValue = "auto",
      description =
          "auto, epoch-millis, epoch-seconds, iso-8601 or a pattern such as 'dd/MM/yyyy HH:mm'."
              + " Default: ${DEFAULT-VALUE}")
  private String timeFormat;

  /** Whether a mapping or a filter was given. */
  boolean given() {
    return map != null || !where.isEmpty();
  }

  ColumnMapping mapping() {
    return map == null ? ColumnMapping.defaults() : ColumnMapping.parse(map);
  }

  List<RowFilter> filters() {
    return where.stream().map(RowFilter::parse).toList();
  }

  TimeFormat time() {
    return TimeFormat.of(timeFormat);
  }
}
