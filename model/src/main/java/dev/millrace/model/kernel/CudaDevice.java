package dev.millrace.model.kernel;

import org.nd4j.linalg.factory.Nd4j;

/** The GPU that the calling thread works on, where ND4J's CUDA backend is on the class path. */
public final class CudaDevice {

  private static final String BACKEND = "JCublasBackend";

  private CudaDevice() {}

  /** Whether ND4J has loaded its CUDA backend. */
  public static boolean isBackend() {
    return Nd4j.getBackend().getClass().getSimpleName().equals(BACKEND);
  }

  /**
   * Binds the calling thread to a device.
   *
   * @param index number of the device, from 0
   * @throws IllegalArgumentException if ND4J does not see a device of that number
   */
  public static void select(int index) {
    int devices = Nd4j.getAffinityManager().getNumberOfDevices();
    if (index < 0 || index >= devices) {
      throw new IllegalArgumentException(
          "GPU " + index + " was assigned, but ND4J sees only " + devices + " devices");
    }
    Nd4j.getAffinityManager().unsafeSetDevice(index);
  }
}
