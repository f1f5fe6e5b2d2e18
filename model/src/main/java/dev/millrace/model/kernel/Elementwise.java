package dev.millrace.model.kernel;

/** Functions that act on each element alone. */
public enum Elementwise {
  /** {@code x Phi(x)} with the exact normal distribution function (erf). */
  GELU,
  RELU,
  /** Logistic function. */
  SIGMOID,
  TANH,
  EXP,
  /** Natural logarithm; minus infinity at 0. */
  LOG,
  /** {@code log(1 + exp(x))}, stable for large arguments. */
  SOFTPLUS,
  SQUARE,
  SQRT,
  RECIPROCAL,
  NEGATE,
  ABS
}
