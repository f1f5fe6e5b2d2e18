package dev.millrace.connectors.replay;

import java.util.List;

/** How the files of UCI Online Retail II are read; one of them is the demo's data. */
public final class OnlineRetail {

  private OnlineRetail() {}

  /** Customer, stock code and the date of the invoice. */
  public static ColumnMapping mapping() {
    return ColumnMapping.parse("user=CustomerID,item=StockCode,time=InvoiceDate");
  }

  /** Leaves out lines without a customer or an item, and what was not bought. */
  public static List<RowFilter> filters() {
    return List.of(
        RowFilter.parse("CustomerID!=").named("no customer"),
        RowFilter.parse("StockCode!=").named("no item"),
        RowFilter.parse("Quantity>0").named("cancelled or returned"));
  }
}
