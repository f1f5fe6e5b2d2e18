package dev.millrace.model.encoder;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Parameters.Parameter;
import dev.millrace.model.reference.ReferenceCase;
import dev.millrace.model.reference.ReferenceRunner;
import java.util.List;

/** Runs the convolutional encoder; the vectors have channels first, the encoder has them last. */
public final class ConvEncoderRunner implements ReferenceRunner {

  @Override
  public Result run(Kernels kernels, ReferenceCase reference) {
    int[] images = reference.input("images").shape();
    int count = images[0];
    int side = images[2];
    ConvEncoder encoder = encoder(kernels, reference);
    Matrix pictures = kernels.allocate(count * side * side, images[1]);
    double[] pixels = channelsLast(reference.input("images").data(), images);
    kernels.write(pixels, pictures);
    ConvPass pass = encoder.newPass();
    encoder.forwardForTraining(pass, pictures, count, side);

    Result result = new Result();
    Matrix z = pass.projected();
    Matrix unit = kernels.allocate(z.rows(), z.columns());
    Matrix norms = kernels.allocate(z.rows(), 1);
    kernels.normalizeRows(z, unit, norms);
    Matrix upstream = reference.input("upstream").matrix(kernels);
    Matrix products = kernels.allocate(z.rows(), z.columns());
    kernels.hadamard(unit, upstream, products);
    result.outputs().put("loss", new double[] {kernels.sum(products)});
    result.outputs().put("pooled", values(kernels, pass.pooled()));
    result.outputs().put("z", values(kernels, z));
    result.outputs().put("embedding", values(kernels, unit));
    if (encoder.config().norm().groups() == 0) {
      encoder
          .units(pass)
          .forEach(
              (name, of) -> {
                result.outputs().put(name + ".mean", values(kernels, of.norm().mean()));
                result.outputs().put(name + ".variance", values(kernels, of.norm().variance()));
              });
    }

    Matrix gradient = kernels.allocate(z.rows(), z.columns());
    kernels.normalizeRowsBackward(unit, norms, upstream, gradient);
    Matrix ofPictures = kernels.allocate(pictures.rows(), pictures.columns());
    encoder.parameters().zeroGradientsInPlace();
    encoder.backward(pass, null, gradient, ofPictures);
    result.gradients().put("images", channelsFirst(values(kernels, ofPictures), images));
    for (Parameter parameter : encoder.parameters().all()) {
      double[] values = values(kernels, parameter.gradient());
      int[] shape = reference.input(parameter.name()).shape();
      result
          .gradients()
          .put(parameter.name(), shape.length == 4 ? channelsFirst(values, shape) : values);
    }
    return result;
  }

  /** An encoder of the case's shape and weights. */
  static ConvEncoder encoder(Kernels kernels, ReferenceCase reference) {
    int width = reference.input("stem.norm.weight").shape()[0];
    int[] head = reference.input("head2.weight").shape();
    int groups =
        reference.params().get("norm").equals("batch") ? 0 : (int) reference.number("groups");
    ConvEncoderConfig config =
        new ConvEncoderConfig(
            reference.input("images").shape()[1],
            new ConvEncoderConfig.Stem(width, 3, 1, 1),
            List.of(
                new ConvEncoderConfig.Block(width, 1), new ConvEncoderConfig.Block(2 * width, 2)),
            new ConvEncoderConfig.Norm(groups, reference.number("normEpsilon"), 0.1),
            new ConvEncoderConfig.Head(head[1], head[0], false));
    ConvEncoder encoder = new ConvEncoder(kernels, config, new SeededRandom(1));
    for (Parameter parameter : encoder.parameters().all()) {
      int[] shape = reference.input(parameter.name()).shape();
      double[] data = reference.input(parameter.name()).data();
      kernels.write(shape.length == 4 ? channelsLast(data, shape) : data, parameter.value());
    }
    return encoder;
  }

  /** From {@code n x c x h x w} to {@code n x h x w x c}. */
  private static double[] channelsLast(double[] data, int[] shape) {
    int channels = shape[1];
    int pixels = shape[2] * shape[3];
    double[] moved = new double[data.length];
    for (int i = 0; i < data.length; i++) {
      int image = i / (channels * pixels);
      int channel = i / pixels % channels;
      moved[(image * pixels + i % pixels) * channels + channel] = data[i];
    }
    return moved;
  }

  /** The way back, for the same {@code n x c x h x w}. */
  private static double[] channelsFirst(double[] data, int[] shape) {
    int channels = shape[1];
    int pixels = shape[2] * shape[3];
    double[] moved = new double[data.length];
    for (int i = 0; i < data.length; i++) {
      int image = i / (channels * pixels);
      int channel = i / pixels % channels;
      moved[i] = data[(image * pixels + i % pixels) * channels + channel];
    }
    return moved;
  }

  private static double[] values(Kernels kernels, Matrix matrix) {
    double[] values = new double[Math.toIntExact(matrix.size())];
    kernels.read(matrix, values);
    return values;
  }
}
