package dev.millrace.job.config;

import dev.millrace.model.learner.ImageLearnerConfig;
import java.util.function.Function;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;

/**
 * An option of the image learner and where its default stands.
 *
 * @param option the option; its default is that of the standard configuration
 * @param of its value in a configuration
 */
record ImageSetting<T>(ConfigOption<T> option, Function<ImageLearnerConfig, T> of) {

  private static final ImageLearnerConfig STANDARD = ImageLearnerConfig.standard(1);
  private static final String PREFIX = "learn.images.";

  static ImageSetting<Integer> integer(
      String key, String description, Function<ImageLearnerConfig, Integer> of) {
    return of(key(key).intType().defaultValue(of.apply(STANDARD)), description, of);
  }

  static ImageSetting<Long> whole(
      String key, String description, Function<ImageLearnerConfig, Long> of) {
    return of(key(key).longType().defaultValue(of.apply(STANDARD)), description, of);
  }

  static ImageSetting<Double> real(
      String key, String description, Function<ImageLearnerConfig, Double> of) {
    return of(key(key).doubleType().defaultValue(of.apply(STANDARD)), description, of);
  }

  static ImageSetting<Boolean> flag(
      String key, String description, Function<ImageLearnerConfig, Boolean> of) {
    return of(key(key).booleanType().defaultValue(of.apply(STANDARD)), description, of);
  }

  static ImageSetting<String> text(
      String key, String description, Function<ImageLearnerConfig, String> of) {
    return of(key(key).stringType().defaultValue(of.apply(STANDARD)), description, of);
  }

  static <E extends Enum<E>> ImageSetting<E> choice(
      String key, Class<E> type, String description, Function<ImageLearnerConfig, E> of) {
    return of(key(key).enumType(type).defaultValue(of.apply(STANDARD)), description, of);
  }

  static ConfigOptions.OptionBuilder key(String key) {
    return ConfigOptions.key(PREFIX + key);
  }

  private static <T> ImageSetting<T> of(
      ConfigOption<T> option, String description, Function<ImageLearnerConfig, T> of) {
    return new ImageSetting<>(option.withDescription(description), of);
  }

  /** Its value among a job's options. */
  T in(Configuration options) {
    return options.get(option);
  }

  /** Where the options do not name it, it becomes what it is in a configuration. */
  void settleInPlace(Configuration options, ImageLearnerConfig base) {
    if (options.getOptional(option).isEmpty()) {
      options.set(option, of.apply(base));
    }
  }
}
