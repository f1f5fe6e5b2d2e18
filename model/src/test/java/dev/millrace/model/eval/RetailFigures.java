package dev.millrace.model.eval;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Runs all baselines over a file of Online Retail II, and gives their figures in the form of the
 * files of expected figures beside the test data. Public because the module that bundles the whole
 * year checks it with this class.
 */
public final class RetailFigures {
  /** Expected figures of the first 20,000 usable rows, to nine decimals. */
  public static final String FIRST_20000 = "first-20000-figures.csv";

  /** Expected figures of the whole year, to four decimals. */
  public static final String YEAR = "year-figures.csv";

  private RetailFigures() {}

  /**
   * Replays a file, leaving out rows without a customer or a stock code and those of a quantity at
   * most 0.
   *
   * @param gzip a compressed CSV file, sorted by time, with a header that names CustomerID,
   *     StockCode, InvoiceDate and Quantity; read to its end, not closed
   */
  public static PrequentialEvaluator replay(InputStream gzip) throws IOException {
    PrequentialEvaluator evaluator =
        new PrequentialEvaluator(List.of(Baselines.values()), List.of(), 5000);
    PrequentialReplay replay = new PrequentialReplay(evaluator);
    BufferedReader rows =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(gzip), StandardCharsets.UTF_8));
    List<String> header = split(rows.readLine());
    int user = header.indexOf("CustomerID");
    int item = header.indexOf("StockCode");
    int time = header.indexOf("InvoiceDate");
    int quantity = header.indexOf("Quantity");
    for (String row = rows.readLine(); row != null; row = rows.readLine()) {
      List<String> fields = split(row);
      String itemId = fields.get(item).strip();
      if (!fields.get(user).isEmpty()
          && !itemId.isEmpty()
          && Double.parseDouble(fields.get(quantity)) > 0) {
        replay.accept(millis(fields.get(time)), fields.get(user), itemId);
      }
    }
    replay.finish();
    return evaluator;
  }

  /** The figures of a table, a line each, with a header. */
  public static List<String> lines(MetricsTable table, int decimals) {
    String number = ",%." + decimals + "f";
    String format = "%s,%s,%d" + number + number + number;
    List<String> lines = new ArrayList<>();
    lines.add("mode,baseline,targets,recall_at_10,recall_at_20,ndcg_at_20");
    for (RankingMode mode : RankingMode.values()) {
      for (String scorer : table.scorers()) {
        RankingMetrics metrics = table.get(scorer, mode);
        lines.add(
            String.format(
                Locale.ROOT,
                format,
                mode.id(),
                scorer,
                metrics.targets(),
                metrics.recallAt10(),
                metrics.recallAt20(),
                metrics.ndcgAt20()));
      }
    }
    return lines;
  }

  /** The lines of a file of expected figures. */
  public static List<String> expected(String name) throws IOException {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** Opens a file of the test data. */
  static InputStream open(String name) throws IOException {
    InputStream in = RetailFigures.class.getResourceAsStream("/retail/" + name);
    if (in == null) {
      throw new IOException("no test resource /retail/" + name);
    }
    return in;
  }

  /** Splits a row of CSV whose fields may be quoted, with doubled quotes inside. */
  static List<String> split(String row) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < row.length(); i++) {
      char c = row.charAt(i);
      if (c == '"' && quoted && i + 1 < row.length() && row.charAt(i + 1) == '"') {
        field.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  private static long millis(String time) {
    return LocalDateTime.parse(time.replace(' ', 'T')).toInstant(ZoneOffset.UTC).toEpochMilli();
  }
}
