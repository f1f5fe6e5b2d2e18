package dev.millrace.model.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.millrace.model.encoder.ConvEncoderConfig;
import dev.millrace.model.kernel.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * The image training step as one writes it in eager PyTorch: channels first, convolutions without
 * bias, torch's batch norm, autograd, Adam.
 */
final class TorchImageStep implements AutoCloseable {

  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final Shape ONE = new Shape(1, 1);

  /** A parameter with its two moments. */
  private record Slot(NDArray value, NDArray first, NDArray second) {}

  private final ConvEncoderConfig config;
  private final MillraceImageStep source;
  private final NDManager manager = Torch.manager();
  private final List<Slot> slots = new ArrayList<>();
  private final List<Unit> units = new ArrayList<>();
  private final NDArray pictures;
  private final NDArray upstream;
  private final NDArray inner;
  private final Norm innerNorm;
  private final NDArray outer;
  private final NDArray outerBias;
  private long steps;

  private record Norm(NDArray weight, NDArray bias, NDArray mean, NDArray variance) {
    NDArray apply(NDArray x) {
      return BatchNorm.batchNorm(x, mean, variance, weight, bias, 1, 0.1f, 1e-5f, true)
          .singletonOrThrow();
    }
  }

  private record Unit(NDArray kernel, Norm norm, Shape stride, Shape padding) {
    NDArray apply(NDArray x) {
      return norm.apply(
          Conv2d.conv2d(x, kernel, null, stride, padding, ONE).singletonOrThrow());
    }
  }

  /** Takes weights, pictures and upstream gradient over from the other side. */
  TorchImageStep(ConvEncoderConfig config, MillraceImageStep source, int count, int side) {
    this.config = config;
    this.source = source;
    ConvEncoderConfig.Stem stem = config.stem();
    units.add(unit("stem", config.channels(), stem.window(), stem.stride(), stem.padding()));
    int in = stem.width();
    for (int i = 0; i < config.blocks().size(); i++) {
      ConvEncoderConfig.Block block = config.blocks().get(i);
      String name = "block" + (i + 1) + ".";
      units.add(unit(name + "conv1", in, 3, block.stride(), 1));
      units.add(unit(name + "conv2", block.width(), 3, 1, 1));
      units.add(unit(name + "shortcut", in, 1, block.stride(), 0));
      in = block.width();
    }
    inner = trained(Torch.copyOf(manager, source.weight("head1.weight")));
    innerNorm = norm("head1.norm");
    outer = trained(Torch.copyOf(manager, source.weight("head2.weight")));
    outerBias = row("head2.bias");
    pictures =
        Torch.copyOf(manager, source.pictures())
            .reshape(count, side, side, config.channels())
            .transpose(0, 3, 1, 2)
            .duplicate();
    upstream = Torch.copyOf(manager, source.upstream());
  }

  private Unit unit(String name, int in, int window, int stride, int padding) {
    Matrix kernel = source.weight(name + ".kernel");
    NDArray first =
        Torch.copyOf(manager, kernel)
            .reshape(kernel.rows(), window, window, in)
            .transpose(0, 3, 1, 2)
            .duplicate();
    return new Unit(
        trained(first),
        norm(name + ".norm"),
        new Shape(stride, stride),
        new Shape(padding, padding));
  }

  private Norm norm(String name) {
    NDArray weight = row(name + ".weight");
    Shape shape = weight.getShape();
    return new Norm(weight, row(name + ".bias"), manager.zeros(shape), manager.ones(shape));
  }

  private NDArray row(String name) {
    Matrix weight = source.weight(name);
    return trained(Torch.copyOf(manager, weight).reshape(weight.columns()));
  }

  private NDArray trained(NDArray value) {
    value.setRequiresGradient(true);
    slots.add(new Slot(value, manager.zeros(value.getShape()), manager.zeros(value.getShape())));
    return value;
  }

  /** One step: forward, backward, Adam. Returns the loss. */
  float step() {
    steps++;
    try (NDManager scope = manager.newSubManager()) {
      scope.tempAttachAll(pictures, upstream);
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
      NDArray x = Activation.relu(units.get(0).apply(pictures));
      for (int i = 0; i < config.blocks().size(); i++) {
        NDArray middle = Activation.relu(units.get(1 + 3 * i).apply(x));
        NDArray shortcut = units.get(3 + 3 * i).apply(x);
        x = Activation.relu(units.get(2 + 3 * i).apply(middle).add(shortcut));
      }
      NDArray pooled = x.reshape(x.getShape().get(0), config.width(), -1).mean(new int[] {2});
      NDArray hidden = Linear.linear(pooled, inner, null).singletonOrThrow();
      NDArray active = Activation.relu(innerNorm.apply(hidden));
      NDArray projected = Linear.linear(active, outer, outerBias).singletonOrThrow();
      return projected.mul(upstream).sum();
    } finally {
      for (Slot slot : slots) {
        slot.value().attach(manager);
      }
    }
  }

  private void update() {
    double rate = MillraceImageStep.RATE;
    double corrected = rate * Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps));
    for (Slot slot : slots) {
      try (NDArray gradient = slot.value().getGradient()) {
        slot.value()
            .getNDArrayInternal()
            .adamUpdate(
                new NDList(slot.value(), gradient, slot.first(), slot.second()),
                new NDList(slot.value()),
                (float) rate,
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
