package dev.millrace.job.demo;

import dev.millrace.model.data.Picture;
import dev.millrace.model.kernel.SeededRandom;

/**
 * A picture of one shape, filled with a texture, before a background. Shape and texture are its
 * group; place, size, turn, colours and noise are drawn.
 */
final class TexturedShape {

  /** Signed distance from the edge of a shape of radius 1, negative inside. */
  enum Shape {
    DISC {
      @Override
      double distance(double x, double y) {
        return Math.sqrt(x * x + y * y) - 1;
      }
    },
    SQUARE {
      @Override
      double distance(double x, double y) {
        return Math.max(Math.abs(x), Math.abs(y)) - 0.85;
      }
    },
    RING {
      @Override
      double distance(double x, double y) {
        return Math.abs(Math.sqrt(x * x + y * y) - 0.75) - 0.3;
      }
    },
    CROSS {
      @Override
      double distance(double x, double y) {
        return Math.max(
            Math.min(Math.abs(x), Math.abs(y)) - 0.33, Math.max(Math.abs(x), Math.abs(y)) - 1);
      }
    };

    abstract double distance(double x, double y);
  }

  /** Share of the second colour at a point, from 0 to 1. */
  enum Texture {
    PLAIN {
      @Override
      double at(double x, double y) {
        return 0;
      }
    },
    STRIPES {
      @Override
      double at(double x, double y) {
        return Math.sin(9 * x) > 0 ? 1 : 0;
      }
    },
    DOTS {
      @Override
      double at(double x, double y) {
        return Math.sin(8 * x) * Math.sin(8 * y) > 0.35 ? 1 : 0;
      }
    };

    abstract double at(double x, double y);
  }

  private static final int CHANNELS = 3;
  private static final double NOISE = 7;
  private static final double TINT = 25;

  private TexturedShape() {}

  /** A picture of {@code size x size}. */
  static Picture draw(Shape shape, Texture texture, int size, SeededRandom random) {
    double centreX = size * (0.5 + 0.16 * (random.nextDouble() - 0.5));
    double centreY = size * (0.5 + 0.16 * (random.nextDouble() - 0.5));
    double radius = size * (0.3 + 0.14 * random.nextDouble());
    double turn = (random.nextDouble() - 0.5) * 0.7;
    double[] first = colour(random, 150, 235);
    double[] second = colour(random, 10, 80);
    double[] ground = colour(random, 60, 170);
    double slopeX = (random.nextDouble() - 0.5) * 70;
    double slopeY = (random.nextDouble() - 0.5) * 70;
    double cos = Math.cos(turn);
    double sin = Math.sin(turn);
    byte[] rgb = new byte[CHANNELS * size * size];
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        double dx = (column + 0.5 - centreX) / radius;
        double dy = (row + 0.5 - centreY) / radius;
        double x = cos * dx + sin * dy;
        double y = cos * dy - sin * dx;
        double inside = clamp(0.5 - shape.distance(x, y) * radius, 0, 1);
        double share = texture.at(x, y);
        double light =
            slopeX * ((double) column / size - 0.5) + slopeY * ((double) row / size - 0.5);
        for (int c = 0; c < CHANNELS; c++) {
          double front = first[c] * (1 - share) + second[c] * share;
          double value =
              inside * front + (1 - inside) * (ground[c] + light) + NOISE * random.nextGaussian();
          rgb[CHANNELS * (row * size + column) + c] = (byte) Math.round(clamp(value, 0, 255));
        }
      }
    }
    return new Picture(size, size, rgb);
  }

  /** A light between the bounds with a tint. */
  private static double[] colour(SeededRandom random, double low, double high) {
    double light = low + (high - low) * random.nextDouble();
    double[] colour = new double[CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
      colour[c] = light + TINT * (2 * random.nextDouble() - 1);
    }
    return colour;
  }

  private static double clamp(double value, double low, double high) {
    return Math.max(low, Math.min(high, value));
  }
}
