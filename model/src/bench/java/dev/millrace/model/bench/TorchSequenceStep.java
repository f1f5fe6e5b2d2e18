package dev.millrace.model.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.millrace.model.encoder.EncoderConfig;
import dev.millrace.model.kernel.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The sequence training step as one writes it in eager PyTorch: padded batches, every position in
 * every layer, autograd, torch's own fused operations (embedding, linear, layer norm, GELU, dropout,
 * softmax, log-softmax), Adam on everything. Attention is two batched products around softmax and
 * dropout, as in the public implementations of SASRec.
 */
final class TorchSequenceStep implements AutoCloseable {

  private static final float RATE = 1e-3f;
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;

  /** A parameter with its two moments. */
  private record Slot(NDArray value, NDArray first, NDArray second) {}

  private record Dense(NDArray weight, NDArray bias) {
    NDArray apply(NDArray x) {
      return Linear.linear(x, weight, bias).singletonOrThrow();
    }
  }

  private record Norm(NDArray weight, NDArray bias) {
    NDArray apply(NDArray x, float epsilon) {
      return LayerNorm.layerNorm(x, weight.getShape(), weight, bias, epsilon).singletonOrThrow();
    }
  }

  private record Layer(
      Dense query,
      Dense key,
      Dense value,
      Dense attentionOutput,
      Dense inner,
      Dense outer,
      Norm attentionNorm,
      Norm outputNorm) {}

  private final EncoderConfig config;
  private final NDManager manager = Torch.manager();
  private final List<Slot> slots = new ArrayList<>();
  private final NDArray items;
  private final NDArray positions;
  private final Norm norm;
  private final List<Layer> layers = new ArrayList<>();
  private final NDArray ids;
  private final NDArray targets;
  private final NDArray mask;
  private long steps;

  /**
   * @param weights initial value by name, those of the encoder and {@code itemEmbedding}
   * @param ids batch x length, each sequence full
   * @param next one for each sequence
   */
  TorchSequenceStep(
      EncoderConfig config, Function<String, Matrix> weights, int[][] ids, int[] next) {
    this.config = config;
    int batch = ids.length;
    int length = ids[0].length;
    this.items = parameter(weights.apply("itemEmbedding"));
    this.positions = parameter(weights.apply("positionEmbedding"));
    this.norm =
        new Norm(row(weights.apply("normWeight")), row(weights.apply("normBias")));
    for (int i = 0; i < config.layers(); i++) {
      String name = "layer" + i + ".";
      layers.add(
          new Layer(
              dense(weights, name + "query"),
              dense(weights, name + "key"),
              dense(weights, name + "value"),
              dense(weights, name + "attentionOutput"),
              dense(weights, name + "inner"),
              dense(weights, name + "outer"),
              norm(weights, name + "attentionNorm"),
              norm(weights, name + "outputNorm")));
    }
    long[] flat = new long[batch * length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = ids[i / length][i % length];
    }
    this.ids = manager.create(flat, new Shape(batch, length));
    this.targets = manager.create(Torch.wide(next), new Shape(batch, 1));
    float[] causal = new float[length * length];
    for (int i = 0; i < causal.length; i++) {
      causal[i] = i % length > i / length ? -10_000f : 0f;
    }
    this.mask = manager.create(causal, new Shape(1, 1, length, length));
  }

  private Dense dense(Function<String, Matrix> weights, String name) {
    return new Dense(
        parameter(weights.apply(name + ".weight")), row(weights.apply(name + ".bias")));
  }

  private Norm norm(Function<String, Matrix> weights, String name) {
    return new Norm(row(weights.apply(name + ".weight")), row(weights.apply(name + ".bias")));
  }

  private NDArray parameter(Matrix weight) {
    return trained(Torch.copyOf(manager, weight));
  }

  private NDArray row(Matrix weight) {
    return trained(Torch.copyOf(manager, weight).reshape(weight.columns()));
  }

  private NDArray trained(NDArray value) {
    value.setRequiresGradient(true);
    slots.add(
        new Slot(value, manager.zeros(value.getShape()), manager.zeros(value.getShape())));
    return value;
  }

  /** One step: forward, backward, Adam. Returns the loss. */
  float step() {
    steps++;
    try (NDManager scope = manager.newSubManager()) {
      scope.tempAttachAll(ids, targets, mask);
      float value;
      try (GradientCollector collector = Torch.engine().newGradientCollector()) {
        NDArray loss = loss(scope);
        collector.backward(loss);
        value = loss.getFloat();
      }
      update();
      return value;
    }
  }

  private NDArray loss(NDManager scope) {
    for (Slot slot : slots) {
      slot.value().attach(scope);
    }
    try {
      NDArray x = Embedding.embedding(ids, items, SparseFormat.DENSE).singletonOrThrow();
      x = drop(norm.apply(x.add(positions), epsilon()), config.hiddenDropout());
      for (Layer layer : layers) {
        x = layer(layer, x);
      }
      NDArray h = x.get(new NDIndex(":, -1"));
      NDArray logProbabilities = h.matMul(items.transpose()).logSoftmax(1);
      return logProbabilities.gather(targets, 1).mean().neg();
    } finally {
      for (Slot slot : slots) {
        slot.value().attach(manager);
      }
    }
  }

  private NDArray layer(Layer layer, NDArray x) {
    long batch = x.getShape().get(0);
    long length = x.getShape().get(1);
    int width = config.width();
    NDArray q = heads(layer.query().apply(x), batch, length);
    NDArray k = heads(layer.key().apply(x), batch, length);
    NDArray v = heads(layer.value().apply(x), batch, length);
    NDArray scores = q.matMul(k.transpose(0, 1, 3, 2));
    scores = scores.mul(1 / Math.sqrt((double) width / config.heads())).add(mask);
    NDArray probabilities = drop(scores.softmax(-1), config.attentionDropout());
    NDArray context =
        probabilities.matMul(v).transpose(0, 2, 1, 3).reshape(batch, length, width);
    NDArray attended = drop(layer.attentionOutput().apply(context), config.hiddenDropout());
    NDArray h = layer.attentionNorm().apply(attended.add(x), epsilon());
    NDArray inner = Activation.gelu(layer.inner().apply(h));
    NDArray outer = drop(layer.outer().apply(inner), config.hiddenDropout());
    return layer.outputNorm().apply(outer.add(h), epsilon());
  }

  private NDArray heads(NDArray x, long batch, long length) {
    return x.reshape(batch, length, config.heads(), config.width() / config.heads())
        .transpose(0, 2, 1, 3);
  }

  private static NDArray drop(NDArray x, double rate) {
    return rate == 0 ? x : Dropout.dropout(x, (float) rate, true).singletonOrThrow();
  }

  private float epsilon() {
    return (float) config.epsilon();
  }

  private void update() {
    double corrected =
        RATE * Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps));
    for (Slot slot : slots) {
      try (NDArray gradient = slot.value().getGradient()) {
        NDList inputs = new NDList(slot.value(), gradient, slot.first(), slot.second());
        slot.value()
            .getNDArrayInternal()
            .adamUpdate(
                inputs,
                new NDList(slot.value()),
                RATE,
                (float) corrected,
                0f,
                1f,
                -1f,
                BETA1,
                BETA2,
                1e-8f,
                false,
                false);
        JniUtils.zeroGrad((PtNDArray) slot.value());
      }
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
