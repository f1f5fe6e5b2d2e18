package dev.millrace.connectors.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.millrace.model.data.Interaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InteractionFileTest {

  static final Path EXTRACT = Path.of("src/test/resources/data/retail-first-3000.csv.gz");
  private static final Path WHOLE =
      Path.of("../job/src/main/resources/data/retail-2009-2010.csv.gz");

  @TempDir Path temporary;

  @Test
  void bundledRetailStreamHas407695UsableLines() throws IOException {
    try (InteractionFile file = openRetail(WHOLE)) {
      long last = Long.MIN_VALUE;
      for (Optional<Interaction> next = file.next(); next.isPresent(); next = file.next()) {
        assertThat(next.get().eventTime()).isGreaterThanOrEqualTo(last);
        last = next.get().eventTime();
      }
      assertThat(file.rows()).isEqualTo(525_461);
      assertThat(file.usable()).isEqualTo(407_695);
      assertThat(file.skipped().counts())
          .containsOnly(entry("no customer", 107_927L), entry("cancelled or returned", 9_839L));
      assertThat(file.fraction()).isEqualTo(1);
    }
  }

  @Test
  void firstRowThatIsLeftOutIsNamedForEachReason() throws IOException {
    try (InteractionFile file = openRetail(EXTRACT)) {
      List<Interaction> all = drain(file);
      assertThat(all).hasSize(1992);
      assertThat(all.get(0).user()).isEqualTo("13085");
      assertThat(all.get(0).item()).isEqualTo("85048");
      assertThat(all.get(0).eventTime()).isEqualTo(1259653500000L);
      assertThat(file.skipped().counts())
          .containsOnly(entry("no customer", 899L), entry("cancelled or returned", 109L));
      assertThat(file.skipped().total()).isEqualTo(1008);
      assertThat(file.skipped().firstLines()).containsOnlyKeys(file.skipped().counts().keySet());
    }
  }

  @Test
  void rowsThatLackSomethingAreCountedByWhatTheyLack() throws IOException {
    Path csv =
        write(
            "shop.csv",
            "user,item,time,w,kind",
            "u1,i1,1000,2.5,click",
            ",i1,1000,1,click",
            "u1,,1000,1,click",
            "u1,i1,,1,click",
            "u1,i1,soon,1,click",
            "u1,i1,1000,0,click",
            "u1,i1",
            "\"u,\n2\", i2 ,2000,1,",
            "u3,i3,3000,NaN,click");
    ColumnMapping mapping = ColumnMapping.parse("weight=w,type=kind");
    try (InteractionFile file = open(csv, mapping, "epoch-millis")) {
      List<Interaction> all = drain(file);
      assertThat(all).extracting(Interaction::user).containsExactly("u1", "u,\n2");
      assertThat(all).extracting(Interaction::item).containsExactly("i1", "i2");
      assertThat(all).extracting(Interaction::weight).containsExactly(2.5f, 1f);
      assertThat(all).extracting(Interaction::type).containsExactly("click", "");
      assertThat(file.skipped().counts())
          .containsOnly(
              entry(InteractionFile.NO_USER, 1L),
              entry(InteractionFile.NO_ITEM, 1L),
              entry(InteractionFile.NO_TIME, 1L),
              entry(InteractionFile.BAD_TIME, 1L),
              entry(InteractionFile.BAD_WEIGHT, 2L),
              entry(InteractionFile.UNREADABLE, 1L));
      assertThat(file.skipped().firstLines())
          .containsEntry(InteractionFile.NO_USER, 3L)
          .containsEntry(InteractionFile.BAD_WEIGHT, 7L)
          .containsEntry(InteractionFile.UNREADABLE, 8L);
    }
  }

  @Test
  void jsonLinesAreReadAndDamagedOnesCounted() throws IOException {
    Path jsonl =
        write(
            "events.jsonl",
            "{\"u\":7,\"i\":\"a\",\"t\":1259653500}",
            "",
            "{\"u\":7,\"i\":",
            "[1]",
            "{\"u\":\"half \\ud800\",\"i\":\"a\",\"t\":1}",
            "{\"u\":null,\"i\":\"a\",\"t\":1}",
            "{\"u\":\"8\",\"i\":\"b\",\"t\":\"2009-12-01T07:45:00Z\"}");
    try (InteractionFile file = open(jsonl, ColumnMapping.parse("user=u,item=i,time=t"), "auto")) {
      List<Interaction> all = drain(file);
      assertThat(all).extracting(Interaction::user).containsExactly("7", "8");
      assertThat(all).extracting(Interaction::eventTime).containsOnly(1259653500000L);
      assertThat(file.skipped().counts())
          .containsOnly(entry(InteractionFile.UNREADABLE, 3L), entry(InteractionFile.NO_USER, 1L));
      assertThat(file.skipped().firstLines()).containsEntry(InteractionFile.UNREADABLE, 3L);
    }
  }

  @Test
  void csvWithoutAColumnOfAMappingOrAFilterIsRefusedAtOnce() throws IOException {
    Path csv = write("shop.csv", "user,item,time", "u,i,1");
    assertThatThrownBy(() -> open(csv, ColumnMapping.parse("item=itm"), "auto"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("did you mean 'item'");
    assertThatThrownBy(
            () ->
                InteractionFile.open(
                    csv,
                    ColumnMapping.defaults(),
                    List.of(RowFilter.parse("Quantity>0")),
                    TimeFormat.auto()))
        .hasMessageContaining("no column 'Quantity'");
  }

  @Test
  void jsonFileNoneOfWhoseRowsHasAColumnIsRefusedAtItsEnd() throws IOException {
    Path jsonl = write("events.jsonl", "{\"uid\":7,\"item\":\"a\",\"time\":1}");
    try (InteractionFile file = open(jsonl, ColumnMapping.defaults(), "auto")) {
      assertThatThrownBy(file::next)
          .hasMessageContaining("no column 'user'")
          .hasMessageContaining("did you mean 'uid'");
    }
  }

  @Test
  void fileThatIsAbsentOfAnotherKindOrCutShortIsNamed() throws IOException {
    Path absent = temporary.resolve("none.csv");
    assertThatThrownBy(() -> open(absent, ColumnMapping.defaults(), "auto"))
        .hasMessageContaining(absent.toString());
    Path text = write("notes.txt", "hello");
    assertThatThrownBy(() -> open(text, ColumnMapping.defaults(), "auto"))
        .hasMessageContaining("must end in .csv");
    byte[] whole = Files.readAllBytes(EXTRACT);
    Path cut = temporary.resolve("cut.csv.gz");
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    try (InteractionFile file = openRetail(cut)) {
      assertThatThrownBy(() -> drain(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cut.csv.gz cannot be read past row");
    }
  }

  private Path write(String name, String... lines) throws IOException {
    return Files.writeString(
        temporary.resolve(name), String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
  }

  private static InteractionFile open(Path path, ColumnMapping mapping, String time)
      throws IOException {
    return InteractionFile.open(path, mapping, List.of(), TimeFormat.of(time));
  }

  private static InteractionFile openRetail(Path path) throws IOException {
    return InteractionFile.open(
        path, OnlineRetail.mapping(), OnlineRetail.filters(), TimeFormat.auto());
  }

  private static List<Interaction> drain(InteractionFile file) throws IOException {
    List<Interaction> all = new ArrayList<>();
    for (Optional<Interaction> next = file.next(); next.isPresent(); next = file.next()) {
      all.add(next.get());
    }
    return all;
  }
}
