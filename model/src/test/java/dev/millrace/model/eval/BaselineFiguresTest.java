package dev.millrace.model.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

final class BaselineFiguresTest {

  @Test
  void baselinesGiveTheFiguresOfTheDenseReference() throws IOException {
    try (InputStream gzip = RetailFigures.open("first-20000.csv.gz")) {
      PrequentialEvaluator evaluator = RetailFigures.replay(gzip);
      assertThat(RetailFigures.lines(evaluator.totals(), 9))
          .isEqualTo(RetailFigures.expected(RetailFigures.FIRST_20000));
    }
  }

  @Test
  void quotedFieldsMayHoldCommasAndQuotes() {
    assertThat(RetailFigures.split("489434,\"BOX, \"\"RED\"\"\",12,"))
        .containsExactly("489434", "BOX, \"RED\"", "12", "");
  }
}
