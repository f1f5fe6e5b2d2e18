package dev.millrace.connectors.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowFilterTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "Quantity>0, 1, true",
        "Quantity>0, 0, false",
        "Quantity>0, -3, false",
        "Quantity>0, many, false",
        "Quantity>0, \"\", false",
        "Price>=0.01, 0.01, true",
        "Price < 5, 4.99, true",
        "Price<=5, 5.01, false",
        "Customer ID!=, \"\", false",
        "Customer ID!=, 13085, true",
        "Customer ID=, \"\", true",
        "Country=France, France, true",
        "Country==France, Spain, false",
        "Country!=France, Spain, true",
        "Quantity=1, 1.0, true",
        "StockCode~^[0-9]{5}, 79323P, true",
        "StockCode~^[0-9]{5}, POST, false",
        "Invoice!~^C, C489449, false",
        "Invoice!~^C, 489449, true"
      })
  void conditionHoldsOrDoesNot(String expression, String cell, boolean holds) {
    RowFilter filter = RowFilter.parse(expression);
    assertThat(filter.accepts(row(filter.column(), cell))).isEqualTo(holds);
    assertThat(filter.name()).isEqualTo(expression);
  }

  @Test
  void columnMayHaveSpacesAndTheNameMayBeChosen() {
    RowFilter filter = RowFilter.parse("Customer ID!=").named("no customer");
    assertThat(filter.column()).isEqualTo("Customer ID");
    assertThat(filter.name()).isEqualTo("no customer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Quantity", ">0", "Quantity>many", "Code~[", ""})
  void whatIsNoConditionIsRefusedWithItsText(String expression) {
    assertThatThrownBy(() -> RowFilter.parse(expression))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row filter '" + expression + "'");
  }

  private static Row row(String name, String cell) {
    return new Row() {
      @Override
      public String cell(String column) {
        assertThat(column).isEqualTo(name);
        return cell;
      }

      @Override
      public long line() {
        return 1;
      }
    };
  }
}
