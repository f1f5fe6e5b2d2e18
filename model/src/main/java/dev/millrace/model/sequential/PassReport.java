package dev.millrace.model.sequential;

/**
 * What a pass over the training examples gave.
 *
 * @param pass number of the pass, from 1
 * @param loss mean training loss
 * @param mrrAt10 on the validation items, by which training is stopped
 * @param ndcgAt10 on the validation items
 * @param seconds of training and validation
 * @param best whether it is the best pass so far
 */
public record PassReport(
    int pass, double loss, double mrrAt10, double ndcgAt10, double seconds, boolean best) {

  /** Hears of training as it goes. */
  public interface Listener {

    /**
     * A step was taken.
     *
     * @param done share of the pass that is done
     */
    void stepped(int pass, double done, double loss);

    /** A pass is over. */
    void passed(PassReport report);
  }
}
