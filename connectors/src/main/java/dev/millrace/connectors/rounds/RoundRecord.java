package dev.millrace.connectors.rounds;

/**
 * What a lane tells: its rounds up to {@code to} are over, and of round {@code from} there is this
 * news. The rounds between have nothing to tell.
 *
 * @param lane number of the lane
 * @param from first round that it speaks of
 * @param to first round that it does not speak of
 * @param news what the lane met and learned in round {@code from}; empty for nothing
 */
public record RoundRecord(int lane, long from, long to, byte[] news) {

  public RoundRecord {
    if (lane < 0 || from >= to) {
      throw new IllegalArgumentException(
          "a record speaks of rounds from " + from + " to before " + to + " of lane " + lane);
    }
  }

  public boolean hasNews() {
    return news.length > 0;
  }
}
