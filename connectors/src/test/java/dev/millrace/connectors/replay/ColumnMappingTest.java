package dev.millrace.connectors.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ColumnMappingTest {

  @Test
  void everyFieldIsReadAndSpacesAndATrailingCommaDoNotCount() {
    assertThat(
            ColumnMapping.parse(
                "user=Customer ID, item = StockCode,time=When,weight=w,type=t,category=c,"))
        .isEqualTo(
            new ColumnMapping(
                "Customer ID",
                "StockCode",
                "When",
                Optional.of("w"),
                Optional.of("t"),
                Optional.of("c")));
  }

  @Test
  void fieldsThatAreNotMentionedHaveTheirOwnNamesOrNoColumn() {
    assertThat(ColumnMapping.parse("")).isEqualTo(ColumnMapping.defaults());
    assertThat(ColumnMapping.parse("item=sku").required()).containsExactly("user", "sku", "time");
  }

  @Test
  void unknownFieldNamesTheNearestOne() {
    assertThatThrownBy(() -> ColumnMapping.parse("usr=a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown field 'usr'")
        .hasMessageContaining("did you mean 'user'");
  }

  @Test
  void fieldWithoutAColumnOrNamedTwiceIsRefused() {
    assertThatThrownBy(() -> ColumnMapping.parse("user"))
        .hasMessageContaining("must be field=column");
    assertThatThrownBy(() -> ColumnMapping.parse("user=a,user=b")).hasMessageContaining("twice");
  }

  @Test
  void missingColumnListsThoseThereAreAndTheNearest() {
    assertThatThrownBy(
            () ->
                ColumnMapping.requireColumns(
                    List.of("CustomerId"), List.of("Invoice", "CustomerID"), "shop.csv"))
        .hasMessageContaining("shop.csv has no column 'CustomerId'")
        .hasMessageContaining("did you mean 'CustomerID'")
        .hasMessageContaining("Invoice, CustomerID");
  }
}
