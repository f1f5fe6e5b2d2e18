package dev.millrace.model.objective;

import static dev.millrace.model.objective.Form.form;

import dev.millrace.model.kernel.Kernels;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All objectives by name.
 *
 * <p>An objective has one form or several. With several, the parameter {@code variant} names the
 * form; without it, the first form that takes the given inputs is used, and the first of all if no
 * inputs are named.
 */
public enum Objectives {
  SOFTMAX_CE(
      "softmax-ce",
      "mean_i ( LSE_j(h_i.e_j + b_j) - h_i.e_t - b_t )",
      "Full softmax over all items, as in Kang and McAuley, Self-Attentive Sequential"
          + " Recommendation, ICDM 2018, with cross entropy",
      SoftmaxCrossEntropy::new),
  NT_XENT(
      "nt-xent",
      "mean_i ( LSE_{j!=i} s_ij - s_ip ), s = cos / tau",
      "Chen, Kornblith, Norouzi, Hinton, A Simple Framework for Contrastive Learning of Visual"
          + " Representations, ICML 2020, eq. 1",
      NtXent::new),
  INFO_NCE(
      "info-nce",
      "mean_i log( 1 + sum_j w_ij exp(s_ij - s_ik) ), j in the bank",
      "He, Fan, Wu, Xie, Girshick, Momentum Contrast for Unsupervised Visual Representation"
          + " Learning, CVPR 2020, eq. 1",
      InfoNce::new),
  DCL(
      "dcl",
      "mean_i ( LSE_{j!=i,p} s_ij - s_ip )",
      "Yeh, Hong, Hsu, Liu, Chen, LeCun, Decoupled Contrastive Learning, ECCV 2022, eq. 6",
      Dcl::new),
  DCLW(
      "dclw",
      "mean_i ( LSE_{j!=i,p} s_ij - w_i s_ip ), w_i = 2 - B softmax(s_ip / sigma)",
      "Yeh, Hong, Hsu, Liu, Chen, LeCun, Decoupled Contrastive Learning, ECCV 2022, DCLW",
      Dcl::weighted),
  MEOW(
      "meow",
      "mean_i ( log sum_j w_ij exp s_ij - s_ii ) + lambda prototypes, w by agreeing clusters",
      "Yu and Li, Heterogeneous Graph Contrastive Learning with Meta-path Contexts and Weighted"
          + " Negative Samples, SDM 2023, eq. 9 to 13",
      form("fixed", Meow::new),
      form("released", Meow::released)),
  ADAMEOW(
      "adameow",
      "mean_i ( log sum_j w_ij exp s_ij - s_ii ), w_ij = sigmoid(v2.tanh(V1(k_i + q_j) + b))",
      "Yu, Ge, Li, Zhou, Heterogeneous Graph Contrastive Learning with Meta-Path Contexts and"
          + " Adaptively Weighted Negative Samples, IEEE TKDE, 2024",
      form("fixed", AdaMeow::new),
      form("released", AdaMeow::released)),
  GCOOL(
      "gcool",
      "node contrast + node-to-community contrast; or -mean(r_i.r_j) + sum v^2 - lambda H(v)",
      "Li, Jing, Tong, Graph Communal Contrastive Learning, WWW 2022, eq. 4 to 13; modularity of"
          + " Newman, PNAS 2006",
      form("resc", GcoolContrast::new),
      form("modularity", GcoolModularity::new),
      form("deca-released", GcoolDensity::new)),
  MCLREC(
      "mclrec",
      "lambda con(h1,h2) + beta ( con(z1,z2) + con(h1,z2) + con(h2,z1) + gamma R )",
      "Qin, Yuan, Zhao, Fang, Zhuang, Liu, Sheng, Meta-optimized Contrastive Learning for"
          + " Sequential Recommendation, SIGIR 2023, eq. 8-12",
      form("outputs", Mclrec::new),
      form("augmenters", MclrecAugmenters::new)),
  DBL(
      "dbl",
      "sum hinge(m + S_ij - S_ii) + alpha sum hinge(beta m + gap of A - gap of S), hardest j",
      "Diao, Zhang, Gao, Ruan, Lu, Deep Boosting Learning: A Brand-new Cooperative Approach for"
          + " Image-Text Matching, IEEE Transactions on Image Processing, 2024",
      Dbl::new),
  BACON(
      "bacon",
      ".65 (unsupervised + prior) + .35 CE + .65 InfoNCE + .175 SupCon + .175 soft",
      "Bai, Liu, Wang, Chen, Mu, Li, Zhou, Feng, Wu, Hu, Towards Distribution-Agnostic Generalized"
          + " Category Discovery, NeurIPS 2023",
      Bacon::new),
  SWAV(
      "swav",
      "-1/2 sum_i 1/(V-1) sum_{v!=i} mean Q_i.log softmax(z_v C^T / tau), Q by Sinkhorn",
      "Caron, Misra, Mairal, Goyal, Bojanowski, Joulin, Unsupervised Learning of Visual Features by"
          + " Contrasting Cluster Assignments, NeurIPS 2020, section 3",
      Swav::new),
  AGREEMENT(
      "agreement",
      "1/2 ( CE(Q_image, p_sequence) + CE(Q_sequence, p_image) )",
      "Das, Ghosh, Stober, PI-RADS v2 Compliant Automated Segmentation of Prostate Zones Using"
          + " co-training Motivated Multi-task Dual-Path CNN, 2023 (reconstructed)",
      form("balanced", Agreement::new),
      form("squared", AgreementSquared::new)),
  HICLR(
      "hiclr",
      "-log p_1(k) + sum_{g>1} CE(sg p_{g-1}, p_g)",
      "Zhang, Lin, Liu, Hierarchical Consistent Contrastive Learning for Skeleton-Based Action"
          + " Recognition with Growing Augmentations, AAAI 2023, eq. 2-6",
      Hiclr::new),
  MVCNET(
      "mvcnet",
      "w1 mean_v con([f0;z0],[fv;zv]) + w2 con(f, z)",
      "Wang et al., MVCNet: Multi-View Contrastive Network for Motor Imagery Classification,"
          + " Knowledge-Based Systems 2025",
      Mvcnet::new),
  SUP_CON(
      "sup-con",
      "mean_i mean_{p in P(i)} ( LSE_{j!=i} s_ij - s_ip )",
      "Khosla et al., Supervised Contrastive Learning, NeurIPS 2020, eq. 2; between modalities as in"
          + " Liu et al., A Framework For Image Synthesis Using Supervised Contrastive Learning,"
          + " 2024",
      form("inner", SupConInner::new),
      form("inter", SupConInter::new),
      form("pairwise-masked", SupConPairwise::new)),
  FEATURE_TRANSFORMATION(
      "feature-transformation",
      "info-nce of q' = lq + (1-l)k, k' = lk + (1-l)q, bank' = mM + (1-m)M_perm",
      "Zhu et al., Improving Contrastive Learning by Visualizing Feature Transformation, ICCV 2021,"
          + " eq. 4 to 8",
      FeatureTransformation::new),
  HYDRA(
      "hydra",
      "mean_{i,p} ( LSE(s_ip, s_in) - s_ip ), s = cos(z_i * g, z_j * g) / tau, gates g by class pair",
      "Wu et al., Rethinking Positive Pairs in Contrastive Learning, arXiv 2410.18200, 2024",
      form("given-gates", Hydra::new),
      form("label-network", HydraNetwork::new)),
  SEPCLR(
      "sepclr",
      "alignment + uniformity of common and salient + information-less + joint entropy",
      "Louiset, Duchesnay, Grigis, Gori, Separating Common from Salient Patterns with Contrastive"
          + " Representation Learning, ICLR 2024",
      form("two-populations", SepClr::new),
      form("supervised", SepClrSupervised::new)),
  MV_INFONCE(
      "mv-infonce",
      "-mean log( sum_{v!=w} exp s_ii^vw / sum_j sum_{v!=w} exp s_ij^vw )",
      "Koromilas et al., A Principled Framework for Multi-View Contrastive Learning, 2025"
          + " (arXiv 2507.06979), MV-InfoNCE",
      MvInfoNce::new),
  MV_DHEL(
      "mv-dhel",
      "mean ( sum_v log sum_{j!=i} exp s_ij^vv - log 1/2 sum_{v!=w} exp s_ii^vw )",
      "Koromilas et al., A Principled Framework for Multi-View Contrastive Learning, 2025"
          + " (arXiv 2507.06979), MV-DHEL",
      MvDhel::new),
  CACR(
      "cacr",
      "mean ( sum softmax(t+ d) d of positives - sum softmax(-t- e) e of negatives )",
      "Zheng et al., Contrastive Attraction and Contrastive Repulsion for Representation Learning,"
          + " TMLR 2023, eq. 3-5",
      form("in-batch", CacrInBatch::new),
      form("bank", CacrBank::new)),
  AMCL(
      "amcl",
      "mean_heads ( LSE(s_p / tau_p, hardest s_n / tau_n) - s_p / tau_p ) + beta reg(tau)",
      "Wang et al., Adaptive Multi-head Contrastive Learning, ECCV 2024",
      form("network", AmclNetwork::new),
      form("given", AmclGiven::new)),
  PCL_SR(
      "pcl-sr",
      "mean_p ( LSE(s_p, s_neg) - s_p ), s = mean over positions of the channel cosine",
      "Wu, Jiang, Liu, A Practical Contrastive Learning Framework for Single-Image"
          + " Super-Resolution, TNNLS 2023",
      form("features", PclSr::new),
      form("dual", PclSrDual::new)),
  FAC(
      "fac",
      "mean over groups, anchors, positives of ( LSE(s_p, s_neg) - s_p )",
      "Liu, Xiao, Zhang, Lu, Shao, FAC: 3D Representation Learning via Foreground Aware Feature"
          + " Contrast, CVPR 2023",
      form("relation", Fac::new),
      form("segments", FacSegments::new)),
  POT(
      "pot",
      "mean_v softplus(-bound_v), bound of the node compactness under dropped edges",
      "Yu, Wang, Zhang, Liu, Shi, Provable Training for Graph Contrastive Learning, NeurIPS 2023",
      Pot::new);

  private final String key;
  private final String formula;
  private final String paper;
  private final List<Form> forms;

  Objectives(String key, String formula, String paper, Form.Factory factory) {
    this(key, formula, paper, form("", factory));
  }

  Objectives(String key, String formula, String paper, Form... forms) {
    this.key = key;
    this.formula = formula;
    this.paper = paper;
    this.forms = List.of(forms);
  }

  /** The objective of this name, {@code nt-xent}. */
  public static Objectives of(String name) {
    return Arrays.stream(values())
        .filter(objective -> objective.key.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown objective '" + name + "'" + Nearest.suggestion(name, names())));
  }

  public static List<String> names() {
    return Arrays.stream(values()).map(Objectives::key).toList();
  }

  /** Its name in configurations. */
  public String key() {
    return key;
  }

  /** The loss in one line; the class says it in full. */
  public String formula() {
    return formula;
  }

  /** Whether a form has weights of its own, which are trained and kept with the learner's. */
  public boolean hasWeights() {
    return variants().stream()
        .flatMap(variant -> signature(variant).inputs().stream())
        .anyMatch(input -> input.kind() == Signature.Kind.PARAMETER);
  }

  /** Authors, title, venue, equation. */
  public String paper() {
    return paper;
  }

  /** Words of the parameter {@code variant}; one empty word if there is one form only. */
  public List<String> variants() {
    return forms.stream().map(Form::name).toList();
  }

  /** What a job must provide for each form: views, bank, labels, or an input's name. */
  public Map<String, Set<String>> needs() {
    Map<String, Set<String>> needs = new LinkedHashMap<>();
    forms.forEach(form -> needs.put(form.name(), form.needs()));
    return needs;
  }

  /** Inputs of a form with default parameters. */
  public Signature signature(String variant) {
    return named(variant).signature(ObjectiveParameters.defaults());
  }

  /** Parameters of a form and their defaults. */
  public Map<String, Object> defaults(String variant) {
    ObjectiveParameters parameters = ObjectiveParameters.defaults();
    named(variant).signature(parameters);
    return parameters.effective();
  }

  /** Why permuting the batch changes the result of a form; empty if it does not. */
  public String orderMatters(String variant) {
    return named(variant).orderMatters();
  }

  /** The form that {@code variant} names, or the first. */
  public Objective create(Kernels kernels, ObjectiveParameters parameters) {
    return create(kernels, parameters, Set.of());
  }

  /**
   * The form that {@code variant} names, or else the first that takes these inputs.
   *
   * @throws IllegalArgumentException if no form takes the inputs, or a parameter is unknown or out
   *     of range
   */
  public Objective create(Kernels kernels, ObjectiveParameters parameters, Set<String> inputs) {
    ObjectiveParameters own = parameters.unread();
    Form form = forms.size() == 1 ? forms.get(0) : choose(own, inputs);
    Objective objective = form.factory().create(kernels, own);
    for (String name : own.given()) {
      if (!own.effective().containsKey(name)) {
        throw new IllegalArgumentException(
            "objective '%s' has no parameter '%s'%s"
                .formatted(key, name, Nearest.suggestion(name, own.effective().keySet())));
      }
    }
    return objective;
  }

  private Form choose(ObjectiveParameters parameters, Set<String> inputs) {
    String variant = parameters.choice("variant", "", withEmpty(variants()));
    if (!variant.isEmpty()) {
      return named(variant);
    }
    if (inputs.isEmpty()) {
      return forms.get(0);
    }
    return forms.stream()
        .filter(form -> form.signature(parameters.unread()).accepts(inputs))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "objective '%s' has no form that takes exactly %s; its forms take %s"
                        .formatted(key, inputs, describeForms(parameters))));
  }

  private String describeForms(ObjectiveParameters parameters) {
    return String.join(
        ", ",
        forms.stream()
            .map(form -> form.name() + " " + form.signature(parameters.unread()).names())
            .toList());
  }

  private Form named(String variant) {
    return forms.stream()
        .filter(form -> form.name().equals(variant))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "objective '%s' has no variant '%s'%s"
                        .formatted(key, variant, Nearest.suggestion(variant, variants()))));
  }

  private static String[] withEmpty(List<String> words) {
    String[] all = new String[words.size() + 1];
    all[0] = "";
    for (int i = 0; i < words.size(); i++) {
      all[i + 1] = words.get(i);
    }
    return all;
  }
}
