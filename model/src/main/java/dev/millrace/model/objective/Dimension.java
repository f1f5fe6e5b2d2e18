package dev.millrace.model.objective;

import java.util.Map;

/**
 * One symbolic dimension: a number ({@code "2"}), a symbol ({@code "B"}) or a multiple of one
 * ({@code "2B"}: two blocks of B, one after the other).
 *
 * @param factor the leading number, 1 if there is none
 * @param symbol the symbol, empty for a plain number
 */
record Dimension(int factor, String symbol) {

  static Dimension parse(String text) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    int factor = digits == 0 ? 1 : Integer.parseInt(text.substring(0, digits));
    return new Dimension(factor, text.substring(digits));
  }

  /** Whether the actual size fits; binds the symbol if it is free. */
  boolean fits(int actual, Map<String, Integer> symbols) {
    if (symbol.isEmpty()) {
      return actual == factor;
    }
    if (factor == 0 || actual % factor != 0) {
      return false;
    }
    Integer bound = symbols.putIfAbsent(symbol, actual / factor);
    return bound == null || bound == actual / factor;
  }

  /** The size under a binding of all symbols. */
  int size(Map<String, Integer> symbols) {
    return symbol.isEmpty() ? factor : factor * symbols.get(symbol);
  }
}
