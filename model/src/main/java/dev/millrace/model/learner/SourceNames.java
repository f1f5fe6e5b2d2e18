package dev.millrace.model.learner;

import dev.millrace.model.learner.ObjectiveFeed.Source;
import dev.millrace.model.objective.Signature;
import dev.millrace.model.objective.Signature.Kind;
import dev.millrace.model.objective.ValueRange;
import java.util.Optional;

/** Which source an input of an objective means, by its name and shape. */
final class SourceNames {

  private final FeedStream stream;

  /** Where rows of one kind have labels, all views are such rows. */
  private final boolean stacked;

  /** Two towers over the same views: two halves of the projection. */
  private final boolean towers;

  SourceNames(Signature signature, FeedStream stream) {
    this.stream = stream;
    this.stacked = signature.names().contains("z") && signature.names().contains("labels");
    this.towers = signature.names().contains("z") && signature.names().contains("f");
  }

  /** The source of an input, if the stream has it. */
  Optional<Source> of(Signature.Input input) {
    return Optional.ofNullable(input.kind() == Kind.PARAMETER ? ofWeights(input) : ofData(input))
        .map(source -> stacked ? source.stacked() : source)
        .filter(stream.offered()::contains);
  }

  private Source ofWeights(Signature.Input input) {
    boolean shared = input.name().equals("prototypes") && stream.clusters() > 0;
    return shared ? Source.PROTOTYPES : Source.WEIGHTS;
  }

  private Source ofData(Signature.Input input) {
    String name = input.name();
    String shape = input.describe();
    if (shape.matches("[0-9]+B x D")) {
      return name.equals("z") ? Source.VIEWS : null;
    }
    if (shape.matches("[0-9]+ x L x D")) {
      return name.equals("queue") ? Source.QUEUE : null;
    }
    if (shape.matches("[0-9]+ x B")) {
      return name.equals("assignments") ? Source.CLUSTERINGS : null;
    }
    return switch (shape) {
      case "B x D", "C x B x D", "B x S" -> ofRows(name);
      case "V x B x D" -> ofViews(name, input.kind() == Kind.CONSTANT);
      case "2 x B x C" -> name.equals("logits") ? Source.CLUSTER_LOGITS : null;
      case "M x D" -> input.kind() == Kind.CONSTANT && name.equals("bank") ? Source.BANK : null;
      case "B x M" -> name.equals("mask") ? Source.BANK_MASK : null;
      case "M" ->
          switch (name) {
            case "bankLabels" -> Source.BANK_LABELS;
            case "permutation" -> Source.BANK_PERMUTATION;
            default -> null;
          };
      case "B" -> ofIntegers(input);
      case "C" -> name.equals("prior") ? Source.CLUSTER_PRIOR : null;
      case "K" -> name.equals("columnTargets") ? Source.COLUMN_TARGETS : null;
      default -> null;
    };
  }

  private Source ofRows(String name) {
    return switch (name) {
      case "z1", "h1", "q", "z" -> Source.FIRST_VIEW;
      case "z2", "h2", "k" -> Source.SECOND_VIEW;
      case "image" -> stream.modalities() ? Source.FIRST_VIEW : null;
      case "sequence", "text" -> stream.modalities() ? Source.SECOND_VIEW : null;
      case "common1" -> Source.FIRST_HEAD_OF_FIRST;
      case "common2" -> Source.FIRST_HEAD_OF_SECOND;
      case "salient1" -> Source.SECOND_HEAD_OF_FIRST;
      case "salient2" -> Source.SECOND_HEAD_OF_SECOND;
      default -> null;
    };
  }

  private Source ofViews(String name, boolean constant) {
    return switch (name) {
      case "f" -> towers ? Source.FIRST_HEAD : null;
      case "z" -> towers ? Source.SECOND_HEAD : Source.VIEWS;
      case "q" -> Source.VIEWS;
      case "k" -> constant ? Source.VIEWS : null;
      default -> null;
    };
  }

  private static Source ofIntegers(Signature.Input input) {
    return switch (input.name()) {
      case "labels" ->
          input.range().kind() == ValueRange.Kind.BETWEEN ? Source.POPULATION : Source.LABELS;
      case "partner" -> Source.LABELS;
      case "ids" -> Source.IDS;
      case "communities1" -> Source.CLUSTERS_OF_FIRST;
      case "communities2" -> Source.CLUSTERS_OF_SECOND;
      default -> null;
    };
  }
}
