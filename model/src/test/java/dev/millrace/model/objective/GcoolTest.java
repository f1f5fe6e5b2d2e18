package dev.millrace.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.Kernels;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GcoolTest {

  private static final double[] H1 = {1, .2, .9, .4, -.3, 1, -1, -.5};
  private static final double[] H2 = {.8, .1, 1, .6, -.1, 1, -.9, -.2};
  private static final double[] CENTRES = {1, .3, -.5, 1};
  private static final int[] HALVES = {0, 0, 1, 1};

  private final Kernels kernels = ObjectiveFacts.exact();

  @Test
  void nodeAndCommunityTermsByHand() {
    LossAndGradient cosine = contrast(Map.of("communities", 2), HALVES, HALVES);
    assertThat(cosine.scalars().get("node")).isCloseTo(.507611, within(1e-6));
    assertThat(cosine.scalars().get("community")).isCloseTo(.159120, within(1e-6));
    LossAndGradient rbf =
        contrast(Map.of("communities", 2, "similarity", "rbf", "gamma", .5), HALVES, HALVES);
    assertThat(rbf.scalars().get("community")).isCloseTo(.00175652, within(1e-8));
  }

  @Test
  void oneCommunityLeavesTheNodeTerm() {
    int[] one = new int[4];
    LossAndGradient result = contrast(Map.of("communities", 1), one, one);
    assertThat(result.scalars().get("community")).isZero();
    assertThat(result.loss()).isEqualTo(result.scalars().get("node"));
  }

  @Test
  void emptyCommunityIsACandidateAtZero() {
    double without = community(Map.of("communities", 2));
    double with = community(Map.of("communities", 3));
    assertThat(with).isGreaterThan(without);
    assertThat(community(Map.of("communities", 4)) - with).isBetween(0.0, with - without);
  }

  @Test
  void farCommunitiesCountForNothingAtALargeGamma() {
    double plain = community(Map.of("communities", 2, "similarity", "rbf", "gamma", 0));
    double weighted = community(Map.of("communities", 2, "similarity", "rbf", "gamma", 100));
    assertThat(plain).isGreaterThan(1e-3);
    assertThat(weighted).isBetween(0.0, 1e-40);
  }

  @Test
  void communityThatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> contrast(Map.of("communities", 2), HALVES, new int[] {0, 1, 2, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("input 'communities2' holds 2 at position 2");
  }

  @Test
  void densityByHand() {
    int[] path = {0, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0};
    LossAndGradient result =
        create("deca-released", Map.of("tau", .5, "lambda", .9))
            .evaluate(nodes(H1, CENTRES).put("adjacency", path, 4, 4));
    assertThat(ObjectiveFacts.values(kernels, result.outputs().get("assignments")))
        .containsExactly(
            new double[] {.925352, .074648, .888426, .111574, .122343, .877657, .122343, .877657},
            within(1e-6));
    assertThat(result.loss()).isCloseTo(-.312105, within(1e-6));
  }

  @Test
  void densityPrefersOneCommunityAndModularityTheTwoCliques() {
    Map<String, ?> density = Map.of("tau", .001, "lambda", .9);
    assertThat(ofCliques("deca-released", density, false)).isCloseTo(-3.48, within(1e-12));
    assertThat(ofCliques("deca-released", density, true)).isCloseTo(-3.7, within(1e-12));
    Map<String, ?> modularity = Map.of("tau", .001, "entropyWeight", 0);
    assertThat(ofCliques("modularity", modularity, false)).isCloseTo(.5 - 40 / 42.0, within(1e-12));
    assertThat(ofCliques("modularity", modularity, true)).isCloseTo(0, within(1e-12));
  }

  @Test
  void volumeIsThatOfTheEdgeEndsAndTheirOrderDoesNotMatter() {
    int[] star = {0, 1, 0, 2, 0, 3};
    int[] turned = {1, 0, 2, 0, 0, 3};
    LossAndGradient result = modularity(star, null);
    double[] volume = ObjectiveFacts.values(kernels, result.outputs().get("volume"));
    double[] r = ObjectiveFacts.values(kernels, result.outputs().get("assignments"));
    assertThat(volume[0]).isCloseTo((3 * r[0] + r[2] + r[4] + r[6]) / 6, within(1e-12));
    double[] gradient = ObjectiveFacts.values(kernels, result.gradient("centres"));
    assertThat(modularity(turned, null).loss()).isCloseTo(result.loss(), within(1e-12));
    assertThat(ObjectiveFacts.values(kernels, modularity(turned, null).gradient("centres")))
        .containsExactly(gradient, within(1e-12));
  }

  @Test
  void ownVolumeAsThatOfTheStreamGivesTheSameLossAndAnotherGradient() {
    int[] edges = {0, 1, 0, 2, 2, 3};
    LossAndGradient plain = modularity(edges, null);
    double loss = plain.loss();
    double[] gradient = ObjectiveFacts.values(kernels, plain.gradient("centres"));
    double[] volume = ObjectiveFacts.values(kernels, plain.outputs().get("volume"));
    LossAndGradient streaming = modularity(edges, volume);
    assertThat(streaming.loss()).isCloseTo(loss, within(1e-12));
    assertThat(ObjectiveFacts.values(kernels, streaming.gradient("centres"))[0])
        .isNotCloseTo(gradient[0], within(1e-6));
  }

  @Test
  void moreEdgesThanABlockAreTheMeanOverAll() {
    int[] edges = {0, 1, 0, 2, 2, 3};
    int[] repeated = new int[edges.length * 1000];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = edges[i % edges.length];
    }
    double loss = modularity(edges, null).loss();
    assertThat(modularity(repeated, null).loss()).isCloseTo(loss, within(1e-12));
  }

  @Test
  void inputsChooseTheForm() {
    ObjectiveParameters none = ObjectiveParameters.defaults();
    assertThat(Objectives.GCOOL.create(null, none, Set.of("h", "centres", "edges")))
        .isInstanceOf(GcoolModularity.class);
    assertThat(Objectives.GCOOL.create(null, none, Set.of("h", "centres", "adjacency")))
        .isInstanceOf(GcoolDensity.class);
    assertThat(Objectives.GCOOL.create(null, none)).isInstanceOf(GcoolContrast.class);
  }

  private double community(Map<String, ?> parameters) {
    return contrast(parameters, HALVES, HALVES).scalars().get("community");
  }

  private LossAndGradient contrast(Map<String, ?> parameters, int[] first, int[] second) {
    Map<String, Object> all = new TreeMap<>(parameters);
    all.put("tau", .5);
    return create("resc", all)
        .evaluate(
            new ObjectiveInputs()
                .put("h1", kernels.of(4, 2, H1))
                .put("h2", kernels.of(4, 2, H2))
                .put("communities1", first)
                .put("communities2", second));
  }

  private LossAndGradient modularity(int[] edges, double[] communityVolume) {
    ObjectiveInputs inputs = nodes(H1, CENTRES).put("edges", edges, edges.length / 2, 2);
    if (communityVolume != null) {
      inputs.put("communityVolume", kernels.of(1, 2, communityVolume), 2);
    }
    return create("modularity", Map.of("tau", .5)).evaluate(inputs);
  }

  /** Two cliques of five joined by an edge, assigned to a community each or all to one. */
  private double ofCliques(String variant, Map<String, ?> parameters, boolean one) {
    double[] h = new double[20];
    int[] adjacency = new int[100];
    int[] edges = new int[84];
    int count = 0;
    for (int i = 0; i < 10; i++) {
      h[2 * i + (one || i < 5 ? 0 : 1)] = 1;
      for (int j = 0; j < 10; j++) {
        if (i != j && (i / 5 == j / 5 || i + j == 9 && Math.abs(i - j) == 1)) {
          adjacency[10 * i + j] = 1;
          edges[count++] = i;
          edges[count++] = j;
        }
      }
    }
    assertThat(count).isEqualTo(edges.length);
    ObjectiveInputs inputs = nodes(h, 1, 0, 0, 1);
    if (variant.equals("modularity")) {
      inputs.put("edges", edges, 42, 2);
    } else {
      inputs.put("adjacency", adjacency, 10, 10);
    }
    return create(variant, parameters).evaluate(inputs).loss();
  }

  private ObjectiveInputs nodes(double[] h, double... centres) {
    return new ObjectiveInputs()
        .put("h", kernels.of(h.length / 2, 2, h))
        .put("centres", kernels.of(2, 2, centres));
  }

  private Objective create(String variant, Map<String, ?> parameters) {
    Map<String, Object> all = new TreeMap<>(parameters);
    all.put("variant", variant);
    return ObjectiveFacts.create(kernels, Objectives.GCOOL, all);
  }
}
