package dev.millrace.model.learner;

import dev.millrace.model.objective.Objective;
import dev.millrace.model.objective.ObjectiveParameters;
import dev.millrace.model.objective.Objectives;
import dev.millrace.model.objective.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where each input of an objective comes from in a stream, decided from its signature alone before
 * anything runs.
 *
 * <p>A stream has views, a memory bank of earlier views, ids, and, if so configured, labels;
 * weights of the objective's own are trained with the model. Images have prototypes as well, and a
 * projection whose halves are two heads. What needs more (scores of an anchor model, graphs, texts)
 * is refused with the reason.
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
    /** The id of each row. */
    IDS,
    /** Weights of the objective's own. */
    WEIGHTS,
    /** The stream's prototypes, {@code K x d}. */
    PROTOTYPES,
    /** Older embeddings of each assigned view, {@code A x L x d}. */
    QUEUE,
    /** The share of the assignments that each prototype shall get. */
    COLUMN_TARGETS,
    /** The nearest prototype of each row of the first view, then of the second, in turn. */
    CLUSTERINGS,
    /** The nearest prototype of each row of the first view. */
    CLUSTERS_OF_FIRST,
    /** The nearest prototype of each row of the second view. */
    CLUSTERS_OF_SECOND,
    /** Cosines of two views with the prototypes, which are a classifier then, {@code 2 x B x K}. */
    CLUSTER_LOGITS,
    /** The running share of each prototype. */
    CLUSTER_PRIOR,
    /** First half of the columns of the first view. */
    FIRST_HEAD_OF_FIRST,
    /** First half of the columns of the second view. */
    FIRST_HEAD_OF_SECOND,
    /** Second half of the columns of the first view. */
    SECOND_HEAD_OF_FIRST,
    /** Second half of the columns of the second view. */
    SECOND_HEAD_OF_SECOND,
    /** First half of the columns of all views. */
    FIRST_HEAD,
    /** Second half of the columns of all views. */
    SECOND_HEAD,
    /** 0 for rows whose label is {@code background}, 1 for the others. */
    POPULATION;

    /** What it is where all views are rows of one batch. */
    Source stacked() {
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
    return of(
        FeedStream.interactions(training),
        Objectives.of(training.objective()),
        training.objectiveParameters());
  }

  /**
   * The first form of an objective that a stream can feed.
   *
   * @param given parameters of the objective, possibly the form's name among them
   * @throws IllegalArgumentException if there is none; the message says what is missing
   */
  static ObjectiveFeed of(FeedStream stream, Objectives objective, Map<String, ?> given) {
    List<String> reasons = new ArrayList<>();
    for (String variant : variants(objective, given)) {
      Map<String, Object> values = new TreeMap<>(given);
      Set<String> known = objective.defaults(variant).keySet();
      stream
          .parametersOf(objective.key())
          .forEach(
              (name, value) -> {
                if (known.contains(name)) {
                  values.putIfAbsent(name, value);
                }
              });
      if (objective.variants().size() > 1) {
        values.put("variant", variant);
      }
      ObjectiveParameters parameters = new ObjectiveParameters(values);
      Objective made = objective.create(null, parameters);
      List<Feed> feeds = new ArrayList<>();
      Optional<String> missing = match(made.signature(), stream, feeds);
      if (missing.isEmpty()) {
        return new ObjectiveFeed(objective, parameters, feeds, made.signature().sizes());
      }
      reasons.add((variant.isEmpty() ? "it " : "its form " + variant + " ") + missing.get());
    }
    throw new IllegalArgumentException(
        "objective '%s' cannot learn from a stream of %s: %s"
            .formatted(objective.key(), stream.name(), String.join("; ", reasons)));
  }

  private static List<String> variants(Objectives objective, Map<String, ?> given) {
    Object chosen = given.get("variant");
    return chosen == null ? objective.variants() : List.of(chosen.toString());
  }

  /** Adds the sources; what is missing, if something is. */
  private static Optional<String> match(Signature signature, FeedStream stream, List<Feed> feeds) {
    SourceNames names = new SourceNames(signature, stream);
    for (Signature.Input input : signature.inputs()) {
      Optional<Source> source = names.of(input);
      boolean fed = source.isPresent() && (stream.labels() || !isLabel(source.get()));
      if (fed && countsOtherClusters(input, source.get(), stream)) {
        return Optional.of(
            "counts %d clusters in '%s' and the stream has %d: give it that number"
                .formatted(input.range().high() + 1, input.name(), stream.clusters()));
      }
      if (fed) {
        feeds.add(new Feed(input, source.get()));
      } else if (input.required()) {
        return Optional.of(
            source.isPresent()
                ? "needs labels: " + stream.labelAdvice()
                : "needs '%s' (%s), which it does not have"
                    .formatted(input.name(), input.describe()));
      }
    }
    return feeds.stream().anyMatch(feed -> isView(feed.source()))
        ? Optional.empty()
        : Optional.of("takes no views of " + stream.views());
  }

  private static boolean countsOtherClusters(
      Signature.Input input, Source source, FeedStream stream) {
    return source.ordinal() >= Source.CLUSTERINGS.ordinal()
        && source.ordinal() <= Source.CLUSTERS_OF_SECOND.ordinal()
        && input.range().high() + 1 < stream.clusters();
  }

  private static boolean isView(Source source) {
    return source == Source.FIRST_VIEW
        || source == Source.VIEWS
        || source == Source.FIRST_HEAD
        || source == Source.FIRST_HEAD_OF_FIRST;
  }

  private static boolean isLabel(Source source) {
    return source == Source.LABELS
        || source == Source.LABELS_OF_VIEWS
        || source == Source.BANK_LABELS
        || source == Source.POPULATION;
  }

  boolean takes(Source source) {
    return feeds.stream().anyMatch(feed -> feed.source() == source);
  }

  /** How many views it takes: a fixed number, or as many as are configured. */
  int views(int configured) {
    for (Feed feed : feeds) {
      boolean all = feed.source() == Source.VIEWS || feed.source() == Source.FIRST_HEAD;
      if (all && feed.input().shape().size() == 2 && feed.source() == Source.VIEWS) {
        // Rows of all views below each other, as many as the form says: 2B x D.
        String rows = feed.input().shape().get(0);
        String factor = rows.substring(0, rows.length() - 1);
        return factor.isEmpty() ? configured : Integer.parseInt(factor);
      }
      if (all) {
        return configured;
      }
    }
    return 2;
  }

  /** Inputs that are weights of the objective's own. */
  List<Signature.Input> weights() {
    return feeds.stream().filter(feed -> feed.source() == Source.WEIGHTS).map(Feed::input).toList();
  }
}
