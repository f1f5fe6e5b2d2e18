package dev.millrace.model.augment;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.reference.ReferenceArray;
import dev.millrace.model.reference.ReferenceCase;
import dev.millrace.model.reference.ReferenceRunner;
import java.util.Arrays;

/**
 * Runs the operations on the images of the vectors, which are channel by channel; ours are pixel by
 * pixel. The result passes through a matrix, as views do, and so is rounded to its element type.
 */
public final class ImageRunner implements ReferenceRunner {

  private static final int CHANNELS = 3;

  @Override
  public Result run(Kernels kernels, ReferenceCase reference) {
    ReferenceArray array = reference.input("image");
    int rows = array.shape()[1];
    int columns = array.shape()[2];
    double[] image = byPixel(array.data());
    double[] out = view(reference, image, rows, columns);
    Result result = new Result();
    result.outputs().put("image", rounded(kernels, out));
    return result;
  }

  private static double[] view(ReferenceCase reference, double[] image, int rows, int columns) {
    String operation = reference.name().replaceFirst("-(small|odd|large)$", "");
    if (operation.startsWith("crop-resize")) {
      return byChannel(cropped(reference, image, rows, columns));
    } else if (operation.startsWith("blur")) {
      new GaussianBlur()
          .blurInPlace(
              image,
              rows,
              columns,
              reference.number("sigma"),
              (int) reference.number("kernel") / 2);
    } else if (operation.startsWith("colour-jitter")) {
      ImageOperations.jitterInPlace(
          image,
          rows,
          columns,
          reference.number("brightness"),
          reference.number("contrast"),
          reference.number("saturation"),
          reference.number("hue"));
    } else if (operation.equals("flip")) {
      ImageOperations.flipInPlace(image, rows, columns);
    } else if (operation.equals("grey")) {
      ImageOperations.greyInPlace(image, rows, columns);
    } else if (operation.equals("haar")) {
      return Arrays.stream(ImageOperations.haar(image, rows, columns))
          .flatMapToDouble(band -> Arrays.stream(byChannel(band)))
          .toArray();
    } else {
      throw new IllegalArgumentException("no operation for " + reference);
    }
    return byChannel(image);
  }

  private static double[] cropped(ReferenceCase reference, double[] image, int rows, int columns) {
    int outRows = (int) reference.number("rows");
    int outColumns = (int) reference.number("columns");
    double[] out = new double[CHANNELS * outRows * outColumns];
    new BilinearResize()
        .resize(
            image,
            rows,
            columns,
            (int) reference.number("top"),
            (int) reference.number("left"),
            (int) reference.number("height"),
            (int) reference.number("width"),
            outRows,
            outColumns,
            out);
    return out;
  }

  private static double[] rounded(Kernels kernels, double[] values) {
    Matrix matrix = kernels.allocate(1, values.length);
    kernels.write(values, matrix);
    double[] rounded = new double[values.length];
    kernels.read(matrix, rounded);
    return rounded;
  }

  private static double[] byPixel(double[] channels) {
    return transposed(channels, CHANNELS);
  }

  private static double[] byChannel(double[] pixels) {
    return transposed(pixels, pixels.length / CHANNELS);
  }

  private static double[] transposed(double[] x, int rows) {
    int columns = x.length / rows;
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i % columns * rows + i / columns] = x[i];
    }
    return out;
  }
}
