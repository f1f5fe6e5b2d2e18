package dev.millrace.model.kernel;

/** Whether this JVM was started with {@code --add-modules jdk.incubator.vector}. */
final class VectorModule {

  private VectorModule() {}

  static boolean present() {
    return !Boolean.getBoolean("millrace.scalar")
        && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }
}
