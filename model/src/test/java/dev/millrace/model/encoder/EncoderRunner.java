package dev.millrace.model.encoder;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.optimizer.Parameters.Parameter;
import dev.millrace.model.reference.ReferenceArray;
import dev.millrace.model.reference.ReferenceCase;
import dev.millrace.model.reference.ReferenceRunner;
import java.util.Arrays;
import java.util.Map;

/**
 * Runs the encoder on the padded sequences of the vectors: padding is a token like any other, only
 * masked, so that every hidden state can be compared.
 */
public final class EncoderRunner implements ReferenceRunner {

  @Override
  public Result run(Kernels kernels, ReferenceCase reference) {
    ReferenceArray ids = reference.input("ids");
    int sequences = ids.shape()[0];
    int length = ids.shape()[1];
    TransformerEncoder encoder = encoder(kernels, reference);
    Matrix table = reference.input("itemEmbedding").matrix(kernels);
    Result result = new Result();

    SequenceBatch everywhere = batch(reference, true);
    Matrix tokenRows = kernels.allocate(sequences * length, table.columns());
    kernels.gatherRows(table, everywhere.tokens(), everywhere.tokenCount(), tokenRows);
    encoder.forward(everywhere, tokenRows);
    result.outputs().put("hidden", hidden(kernels, encoder));
    result.outputs().put("comparable", comparable(ids));

    SequenceBatch last = batch(reference, false);
    Matrix h = encoder.forwardForTraining(last, tokenRows, 1);
    result.outputs().put("h", values(kernels, h));
    Matrix upstream = reference.input("upstream").matrix(kernels);
    Matrix products = kernels.allocate(h.rows(), h.columns());
    kernels.hadamard(h, upstream, products);
    result.outputs().put("loss", new double[] {kernels.sum(products)});

    encoder.parameters().zeroGradientsInPlace();
    Matrix tokenGradient = encoder.backward(upstream);
    Matrix tableGradient = kernels.allocate(table.rows(), table.columns());
    kernels.scatterAddRowsInPlace(
        tableGradient, last.tokens(), last.tokenCount(), 1, tokenGradient);
    Map<String, double[]> gradients = result.gradients();
    gradients.put("itemEmbedding", values(kernels, tableGradient));
    for (Parameter parameter : encoder.parameters().all()) {
      gradients.put(parameter.name(), values(kernels, parameter.gradient()));
    }
    return result;
  }

  /** An encoder of the case's shape and weights, without dropout. */
  static TransformerEncoder encoder(Kernels kernels, ReferenceCase reference) {
    int[] positions = reference.input("positionEmbedding").shape();
    EncoderConfig config =
        new EncoderConfig(
            positions[1],
            (int) reference.number("heads"),
            (int) reference.number("layers"),
            reference.input("layer0.inner.bias").shape()[0],
            positions[0],
            0,
            0,
            reference.number("normEpsilon"));
    TransformerEncoder encoder = new TransformerEncoder(kernels, config, new SeededRandom(1));
    for (Parameter parameter : encoder.parameters().all()) {
      kernels.write(reference.input(parameter.name()).data(), parameter.value());
    }
    return encoder;
  }

  /** The case's sequences at their full, padded length. */
  private static SequenceBatch batch(ReferenceCase reference, boolean everyPosition) {
    int[] ids = reference.input("ids").integers();
    int[] lengths = reference.input("lengths").integers();
    int padded = ids.length / lengths.length;
    SequenceBatch batch = new SequenceBatch();
    for (int i = 0; i < lengths.length; i++) {
      batch.add(ids, i * padded, (i + 1) * padded);
      if (everyPosition) {
        batch.askAll();
      } else {
        batch.ask(lengths[i] - 1);
      }
    }
    return batch;
  }

  private static double[] hidden(Kernels kernels, TransformerEncoder encoder) {
    int levels = encoder.config().layers() + 1;
    int size = Math.toIntExact(encoder.hidden(0).size());
    double[] all = new double[levels * size];
    for (int level = 0; level < levels; level++) {
      System.arraycopy(values(kernels, encoder.hidden(level)), 0, all, level * size, size);
    }
    return all;
  }

  /** 1 where a query has at least one key that it may attend to. */
  private static double[] comparable(ReferenceArray ids) {
    int length = ids.shape()[1];
    double[] comparable = new double[ids.data().length];
    for (int i = 0; i < comparable.length; i++) {
      int start = i - i % length;
      comparable[i] = Arrays.stream(ids.data(), start, i + 1).anyMatch(id -> id > 0) ? 1 : 0;
    }
    return comparable;
  }

  private static double[] values(Kernels kernels, Matrix matrix) {
    double[] values = new double[Math.toIntExact(matrix.size())];
    kernels.read(matrix, values);
    return values;
  }

  @Override
  public boolean comparable(ReferenceCase reference, String output, int index) {
    if (!output.equals("hidden")) {
      return true;
    }
    int width = reference.input("itemEmbedding").shape()[1];
    double[] flags = reference.outputs().get("comparable").data();
    return flags[index / width % flags.length] == 1;
  }
}
