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
  private final long nanos;
  private int passed;

  /**
   * A failure.
   *
   * @param after how many pass before it
   * @param nanos how long each takes until then, so that checkpoints fall between them
   */
  FailOnce(int after, long nanos) {
    this.after = after;
    this.nanos = nanos;
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
      // Where checkpoints are slow the rest of the stream waits for them.
      LockSupport.parkNanos(passed > after ? 20 * nanos : nanos);
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
