package dev.millrace.model.optimizer;

import dev.millrace.model.kernel.Kernels;
import dev.millrace.model.kernel.Matrix;
import dev.millrace.model.kernel.MatrixCodec;
import dev.millrace.model.kernel.SeededRandom;
import dev.millrace.model.kernel.Texts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The matrices of a model part, each with its gradient, in a fixed order and under fixed names.
 *
 * <p>All values lie in one piece of memory and all gradients in another, so that an optimizer steps
 * over everything at once. Not thread safe.
 */
public final class Parameters {

  private static final int VERSION = 1;

  /** One matrix, its gradient of the same shape, and its name. */
  public record Parameter(String name, Matrix value, Matrix gradient) {}

  private final Kernels kernels;
  private final FlatLayout layout;
  private final Map<String, Parameter> byName;
  private final Matrix values;
  private final Matrix gradients;
  private final Matrix squares;
  private final long size;

  private Parameters(Kernels kernels, Builder builder, SeededRandom random) {
    this.kernels = kernels;
    this.layout = builder.layout;
    Matrix valueColumn = layout.allocate(kernels);
    Matrix gradientColumn = layout.allocate(kernels);
    this.values = FlatLayout.blocks(valueColumn);
    this.gradients = FlatLayout.blocks(gradientColumn);
    this.squares = kernels.allocate(values.rows(), values.columns());
    this.byName = new LinkedHashMap<>();
    long count = 0;
    for (int i = 0; i < layout.count(); i++) {
      Declaration declaration = builder.declarations.get(i);
      Matrix value = layout.view(valueColumn, i);
      double[] initial = new double[(int) value.size()];
      for (int j = 0; j < initial.length; j++) {
        initial[j] = declaration.initial.applyAsDouble(random);
      }
      kernels.copy(kernels.of(value.rows(), value.columns(), initial), value);
      byName.put(
          declaration.name, new Parameter(declaration.name, value, layout.view(gradientColumn, i)));
      count += value.size();
    }
    this.size = count;
  }

  /** Starts a declaration; the order of declaration is the order of everything. */
  public static Builder of(Kernels kernels) {
    return new Builder(kernels);
  }

  /** All parameters in order. */
  public List<Parameter> all() {
    return List.copyOf(byName.values());
  }

  public Matrix value(String name) {
    return parameter(name).value();
  }

  public Matrix gradient(String name) {
    return parameter(name).gradient();
  }

  private Parameter parameter(String name) {
    Parameter parameter = byName.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "no parameter '" + name + "'; there are " + byName.keySet());
    }
    return parameter;
  }

  /** Number of elements. */
  public long size() {
    return size;
  }

  /** All values as rows of equal length, with zeros between the matrices; the memory itself. */
  public Matrix values() {
    return values;
  }

  /** All gradients, laid out as {@link #values}; the memory itself. */
  public Matrix gradients() {
    return gradients;
  }

  FlatLayout layout() {
    return layout;
  }

  public void zeroGradientsInPlace() {
    kernels.fillInPlace(gradients, 0);
  }

  /** Euclidean norm of all values together. */
  public double norm() {
    return norm(values);
  }

  /** Euclidean norm of all gradients together; not finite if any gradient is not. */
  public double gradientNorm() {
    return norm(gradients);
  }

  private double norm(Matrix blocks) {
    kernels.hadamard(blocks, blocks, squares);
    return Math.sqrt(kernels.sum(squares));
  }

  /** Multiplies all gradients, as clipping to a largest norm does. */
  public void scaleGradientsInPlace(double factor) {
    kernels.scaleInPlace(gradients, factor);
  }

  /**
   * Takes over the values, not the gradients, of parameters of the same names and shapes.
   *
   * @throws IllegalArgumentException if the two differ in a name or a shape
   */
  public void copyValuesInPlace(Parameters source) {
    requireSameShape(source);
    kernels.copy(source.values, values);
  }

  void requireSameShape(Parameters other) {
    List<String> own = describe();
    List<String> others = other.describe();
    if (!own.equals(others)) {
      throw new IllegalArgumentException("parameters differ: " + own + " and " + others);
    }
  }

  private List<String> describe() {
    return byName.values().stream().map(p -> p.name() + " " + p.value().shape()).toList();
  }

  /** Writes version, names, shapes and the exact bits of the values; gradients are not state. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeInt(byName.size());
    for (Parameter parameter : byName.values()) {
      Texts.write(out, parameter.name());
      MatrixCodec.write(parameter.value(), out);
    }
  }

  /**
   * Overwrites the values with what {@link #writeTo} wrote.
   *
   * @throws IOException if version, names, shapes or element type are not this one's
   */
  public void readInPlace(DataInput in) throws IOException {
    Versions.require("parameters", VERSION, in.readInt());
    int count = in.readInt();
    if (count != byName.size()) {
      throw new IOException("stored are " + count + " parameters, expected " + byName.keySet());
    }
    for (Parameter parameter : byName.values()) {
      String name = Texts.read(in);
      if (!name.equals(parameter.name())) {
        throw new IOException(
            "stored is parameter '" + name + "', expected '" + parameter.name() + "'");
      }
      MatrixCodec.readInPlace(parameter.value(), in);
    }
  }

  private record Declaration(String name, ToDoubleFunction<SeededRandom> initial) {}

  /** Collects names, shapes and initial values. */
  public static final class Builder {

    private final Kernels kernels;
    private final FlatLayout layout = new FlatLayout();
    private final List<Declaration> declarations = new ArrayList<>();

    private Builder(Kernels kernels) {
      this.kernels = kernels;
    }

    /** A matrix of independent draws from a normal distribution of mean 0. */
    public Builder normal(String name, int rows, int columns, double deviation) {
      return add(name, rows, columns, random -> deviation * random.nextGaussian());
    }

    public Builder zeros(String name, int rows, int columns) {
      return add(name, rows, columns, random -> 0);
    }

    public Builder ones(String name, int rows, int columns) {
      return add(name, rows, columns, random -> 1);
    }

    private Builder add(
        String name, int rows, int columns, ToDoubleFunction<SeededRandom> initial) {
      if (declarations.stream().anyMatch(d -> d.name().equals(name))) {
        throw new IllegalArgumentException("parameter '" + name + "' is declared twice");
      }
      layout.add(rows, columns);
      declarations.add(new Declaration(name, initial));
      return this;
    }

    /** Draws the initial values in the order of declaration, row-major. */
    public Parameters build(SeededRandom random) {
      return new Parameters(kernels, this, random);
    }
  }
}
