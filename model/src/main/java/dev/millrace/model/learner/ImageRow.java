package dev.millrace.model.learner;

import dev.millrace.model.memory.BankEntry;

/**
 * An image as a row of a batch.
 *
 * @param example the image
 * @param cluster its nearest prototype, under which the bank keeps it
 * @param labels what counts as its label
 */
record ImageRow(ImageExample example, int cluster, ImageLearnerConfig.Labels labels)
    implements ContrastRow {

  private int number() {
    return switch (labels) {
      case NONE -> -1;
      case LABEL -> example.label();
      case CLUSTER -> cluster;
    };
  }

  @Override
  public int id() {
    return example.id().hashCode();
  }

  @Override
  public String label() {
    return number() < 0 ? "image " + example.id() : NegativeBank.labelOf(number());
  }

  @Override
  public int classIn(int bound) {
    return number() < 0 ? -1 : number() % bound;
  }

  @Override
  public boolean isBackground() {
    return example.background();
  }

  @Override
  public String bankKey() {
    return Integer.toString(cluster);
  }

  @Override
  public int bankLabel() {
    return number() < 0 ? -1 : number() + 1;
  }

  @Override
  public String user() {
    return BankEntry.NONE;
  }

  @Override
  public String item() {
    return example.id();
  }
}
