package dev.millrace.job.report;

import dev.millrace.job.report.ImageReport.ContactRow;
import dev.millrace.job.report.ImageReport.Thumbnail;
import java.util.List;
import java.util.Locale;

/** Rows of small pictures, one row for each prototype. */
final class ContactSheet {

  private ContactSheet() {}

  static String html(List<ContactRow> rows) {
    StringBuilder sheet = new StringBuilder("<div class=\"sheet\">");
    for (ContactRow row : rows) {
      sheet.append(
          String.format(
              Locale.ROOT,
              "<div class=\"strip\"><span style=\"border-color:%s\"><b>%d</b> %.1f %%</span>",
              EmbeddingMap.groupColour(row.prototype()),
              row.prototype(),
              100 * row.usage()));
      for (Thumbnail thumbnail : row.nearest()) {
        sheet
            .append("<img alt=\"\" src=\"")
            .append(thumbnail.uri())
            .append("\" title=\"")
            .append(Svg.escape(thumbnail.name()))
            .append("\">");
      }
      sheet.append("</div>");
    }
    return sheet.append("</div>").toString();
  }
}
