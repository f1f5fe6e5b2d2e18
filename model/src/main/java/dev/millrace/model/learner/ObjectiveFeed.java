package dev.millrace.model.learner;

import dev.millrace.model.objective.Objective;
import dev.millrace.model.objective.ObjectiveParameters;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.objective.Signature;
import dev.millrace.model.objective.Signature.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where each input of an objective comes from when histories are the stream, decided from its
 * signature alone before anything runs.
 *
 * <p>A stream of interactions has views of histories, a memory bank of earlier views, users, and,
 * if so configured, labels; weights of the objective's own are trained with the model. What needs
 * more (scores of an anchor model, graphs, texts, pictures) is refused with the reason.
 *
 * @param objective the objective
 * @param parameters its parameters, the chosen form among them
 * @param feeds sources of the inputs that are fed, in the order of the signature
 * @param sizes sizes of symbols that the data do not determine
 */
record ObjectiveFeed(
    Objectives objective,
    ObjectiveParameters parameters,
    List<Feed> feeds,
    Map<String, Integer> sizes) {

  /** What an input is filled with. */
  enum Source {
    /** States of the first view, {@code B x d}. */
    FIRST_VIEW,
    /** States of the second view, {@code B x d}. */
    SECOND_VIEW,
    /** States of all views one below the other, {@code V x B x d}. */
    VIEWS,
    /** Vectors of the memory bank. */
    BANK,
    /** Which of them are negatives of which row. */
    BANK_MASK,
    /** Labels of the bank's entries. */
    BANK_LABELS,
    /** A random permutation of the bank's entries. */
    BANK_PERMUTATION,
    /** The label of each row. */
    LABELS,
    /** The label of each row, once for every view. */
    LABELS_OF_VIEWS,
    /** The user of each row. */
    USERS,
    /** Weights of the objective's own. */
    WEIGHTS;

    /** What it is where all views are rows of one batch. */
    private Source stacked() {
      return switch (this) {
        case FIRST_VIEW -> VIEWS;
        case LABELS -> LABELS_OF_VIEWS;
        default -> this;
      };
    }
  }

  /** An input with its source. */
  record Feed(Signature.Input input, Source source) {}

  ObjectiveFeed {
    feeds = List.copyOf(feeds);
  }

  /** Whether the named objective contrasts views; the full softmax alone does not. */
  static boolean isContrastive(String name) {
    return Objectives.of(name) != Objectives.SOFTMAX_CE;
  }

  /**
   * The first form of the configured objective that a stream of interactions can feed.
   *
   * @throws IllegalArgumentException if there is none; the message says what is missing
   */
  static ObjectiveFeed of(SequenceLearnerConfig.Training training) {
    Objectives objective = Objectives.of(training.objective());
    List<String> reasons = new ArrayList<>();
    for (String variant : variants(objective, training)) {
      Map<String, Object> values = new TreeMap<>(training.objectiveParameters());
      if (objective.variants().size() > 1) {
        values.put("variant", variant);
      }
      ObjectiveParameters parameters = new ObjectiveParameters(values);
      Objective made = objective.create(null, parameters);
      List<Feed> feeds = new ArrayList<>();
      Optional<String> missing = match(made.signature(), training, feeds);
      if (missing.isEmpty()) {
        return new ObjectiveFeed(objective, parameters, feeds, made.signature().sizes());
      }
      reasons.add((variant.isEmpty() ? "it " : "its form " + variant + " ") + missing.get());
    }
    throw new IllegalArgumentException(
        "objective '%s' cannot learn from a stream of interactions: %s"
            .formatted(objective.key(), String.join("; ", reasons)));
  }

  private static List<String> variants(
      Objectives objective, SequenceLearnerConfig.Training training) {
    String chosen = training.objectiveParameters().get("variant");
    return chosen == null ? objective.variants() : List.of(chosen);
  }

  /** Adds the sources; what is missing, if something is. */
  private static Optional<String> match(
      Signature signature, SequenceLearnerConfig.Training training, List<Feed> feeds) {
    boolean labels = training.labels() != SequenceLearnerConfig.Labels.NONE;
    // Where rows of one kind have labels, all views are such rows.
    boolean stacked = signature.names().contains("z") && signature.names().contains("labels");
    for (Signature.Input input : signature.inputs()) {
      Optional<Source> source = sourceOf(input).map(one -> stacked ? one.stacked() : one);
      boolean fed = source.isPresent() && (labels || !isLabel(source.get()));
      if (fed) {
        feeds.add(new Feed(input, source.get()));
      } else if (input.required()) {
        return Optional.of(
            source.isPresent()
                ? "needs labels: set learn.labels to category if the events have one"
                : "needs '%s' (%s), which it does not have"
                    .formatted(input.name(), input.describe()));
      }
    }
    return feeds.stream().anyMatch(feed -> isView(feed.source()))
        ? Optional.empty()
        : Optional.of("takes no views of histories");
  }

  private static Optional<Source> sourceOf(Signature.Input input) {
    String name = input.name();
    boolean constant = input.kind() == Kind.CONSTANT;
    Source source =
        input.kind() == Kind.PARAMETER
            ? Source.WEIGHTS
            : switch (input.describe()) {
              case "B x D", "C x B x D" -> rowsOf(name);
              case "2B x D" -> name.equals("z") ? Source.VIEWS : null;
              case "V x B x D" ->
                  name.equals("z") || name.equals("q") || (constant && name.equals("k"))
                      ? Source.VIEWS
                      : null;
              case "M x D" -> constant && name.equals("bank") ? Source.BANK : null;
              case "B x M" -> name.equals("mask") ? Source.BANK_MASK : null;
              case "M" ->
                  switch (name) {
                    case "bankLabels" -> Source.BANK_LABELS;
                    case "permutation" -> Source.BANK_PERMUTATION;
                    default -> null;
                  };
              case "B" ->
                  switch (name) {
                    case "labels", "partner" -> Source.LABELS;
                    case "ids" -> Source.USERS;
                    default -> null;
                  };
              default -> null;
            };
    return Optional.ofNullable(source);
  }

  private static Source rowsOf(String name) {
    return switch (name) {
      case "z1", "h1", "q", "z" -> Source.FIRST_VIEW;
      case "z2", "h2", "k" -> Source.SECOND_VIEW;
      default -> null;
    };
  }

  private static boolean isView(Source source) {
    return source == Source.FIRST_VIEW || source == Source.VIEWS;
  }

  private static boolean isLabel(Source source) {
    return source == Source.LABELS
        || source == Source.LABELS_OF_VIEWS
        || source == Source.BANK_LABELS;
  }

  boolean takes(Source source) {
    return feeds.stream().anyMatch(feed -> feed.source() == source);
  }

  /** How many views of a history it takes: a fixed number, or as many as are configured. */
  int views(int configured) {
    boolean fixed = feeds.stream().anyMatch(feed -> feed.input().describe().equals("2B x D"));
    return fixed || !takes(Source.VIEWS) ? 2 : configured;
  }

  /** Inputs that are weights of the objective's own. */
  List<Signature.Input> weights() {
    return feeds.stream().filter(feed -> feed.source() == Source.WEIGHTS).map(Feed::input).toList();
  }
}
