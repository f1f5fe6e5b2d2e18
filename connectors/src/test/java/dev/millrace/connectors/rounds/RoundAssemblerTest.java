package dev.millrace.connectors.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundAssemblerTest {

  private final RoundAssembler assembler = new RoundAssembler();

  private static RoundRecord large(int lane, long round, int seed) {
    byte[] news = new byte[2 * RoundChunk.LARGEST + 17];
    new Random(seed).nextBytes(news);
    return new RoundRecord(lane, round, round + 1, news);
  }

  private static RoundChunk read(byte[] chunk) {
    return RoundChunk.read(chunk).orElseThrow();
  }

  private static void assertSame(Optional<RoundLog.Read> read, RoundRecord expected, long offset) {
    assertThat(read).isPresent();
    RoundRecord record = read.get().record();
    assertThat(record.lane()).isEqualTo(expected.lane());
    assertThat(record.from()).isEqualTo(expected.from());
    assertThat(record.to()).isEqualTo(expected.to());
    assertThat(record.news()).isEqualTo(expected.news());
    assertThat(read.get().offset()).isEqualTo(offset);
  }

  @Test
  void piecesOfTwoLanesAreToldApart() {
    RoundRecord one = large(1, 5, 1);
    RoundRecord two = large(2, 5, 2);
    List<byte[]> ofOne = RoundChunk.of("run", 7, one);
    List<byte[]> ofTwo = RoundChunk.of("run", 8, two);
    assertThat(ofOne).hasSize(3).allMatch(chunk -> chunk.length < 1_000_000);
    assertThat(assembler.add(read(ofOne.get(0)), 0, 10)).isEmpty();
    assertThat(assembler.add(read(ofTwo.get(0)), 0, 11)).isEmpty();
    assertThat(assembler.begin(0, 99)).isEqualTo(10);
    assertThat(assembler.add(read(ofOne.get(1)), 0, 12)).isEmpty();
    assertSame(assembler.add(read(ofOne.get(2)), 0, 13), one, 10);
    assertThat(assembler.begin(0, 99)).isEqualTo(11);
    assertThat(assembler.add(read(ofTwo.get(1)), 0, 14)).isEmpty();
    assertSame(assembler.add(read(ofTwo.get(2)), 0, 15), two, 11);
    assertThat(assembler.begin(0, 99)).isEqualTo(99);
  }

  @Test
  void whatADeadWriterLeftIsForgotten() {
    RoundRecord record = large(1, 5, 1);
    List<byte[]> dead = RoundChunk.of("run", 7, record);
    List<byte[]> alive = RoundChunk.of("run", 8, record);
    assembler.add(read(dead.get(0)), 0, 0);
    assembler.add(read(dead.get(1)), 0, 1);
    assembler.add(read(alive.get(0)), 0, 2);
    assertThat(assembler.add(read(dead.get(2)), 0, 3)).isEmpty();
    assembler.add(read(alive.get(1)), 0, 4);
    assertSame(assembler.add(read(alive.get(2)), 0, 5), record, 2);
  }

  @Test
  void aReaderThatBeginsInTheMiddleWaitsForTheNextRecord() {
    List<byte[]> chunks = RoundChunk.of("run", 7, large(1, 5, 1));
    assertThat(assembler.add(read(chunks.get(2)), 0, 0)).isEmpty();
    RoundRecord small = new RoundRecord(1, 6, 9, new byte[0]);
    assertSame(assembler.add(read(RoundChunk.of("run", 7, small).get(0)), 0, 1), small, 1);
  }

  @Test
  void whateverElseIsInATopicIsNoPiece() {
    assertThat(RoundChunk.read(null)).isEmpty();
    assertThat(RoundChunk.read(new byte[0])).isEmpty();
    assertThat(
            RoundChunk.read("{\"user\": \"u1\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isEmpty();
    byte[] cut = RoundChunk.of("run", 7, new RoundRecord(1, 6, 9, new byte[0])).get(0);
    assertThat(RoundChunk.read(java.util.Arrays.copyOf(cut, 20))).isEmpty();
  }

  @Test
  void aRecordSpeaksOfAtLeastOneRound() {
    assertThatThrownBy(() -> new RoundRecord(0, 5, 5, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 5 to before 5");
  }
}
