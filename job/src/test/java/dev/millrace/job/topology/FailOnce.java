package dev.millrace.job.topology;

import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/** Throws once, when checkpoints are complete and enough has passed. */
final class FailOnce<T> extends RichMapFunction<T, T> implements CheckpointListener {

  private static final long serialVersionUID = 1L;
  private static volatile boolean failed;
  private static volatile int completed;

  private final int after;
  private int passed;

  FailOnce(int after) {
    this.after = after;
  }

  static void reset() {
    failed = false;
    completed = 0;
  }

  static boolean failed() {
    return failed;
  }

  @Override
  public T map(T value) throws Exception {
    passed++;
    if (!failed) {
      // So slow that checkpoints fall between events.
      LockSupport.parkNanos(1_000_000);
      if (completed > 1 && passed > after) {
        failed = true;
        throw new IllegalStateException("the failure of this test");
      }
    }
    return value;
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    completed++;
  }
}
