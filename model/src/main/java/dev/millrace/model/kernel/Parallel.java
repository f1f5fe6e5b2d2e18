package dev.millrace.model.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs numbered chunks of one job on a few threads, the caller among them.
 *
 * <p>Which thread takes which chunk is open; what a chunk computes is not, because chunks are cut
 * by shape alone. A worker without work spins for a moment, since the next job is mostly
 * microseconds away, then parks. The caller waits for chunks, not for workers: if none wakes up in
 * time it does everything itself.
 */
final class Parallel implements AutoCloseable {

  /** Work on the chunk of a number; {@code worker} names the thread, for scratch memory. */
  interface Chunks {
    void run(int chunk, int worker);
  }

  private static final int SPINS = 2_000;

  private final Thread[] workers;
  private volatile Job current;
  private volatile boolean closed;

  Parallel(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread, was " + threads);
    }
    workers = new Thread[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      int worker = i + 1;
      workers[i] = new Thread(() -> serve(worker), "millrace-kernels-" + worker);
      workers[i].setDaemon(true);
      workers[i].start();
    }
  }

  int threads() {
    return workers.length + 1;
  }

  /** Runs all chunks and returns when they are done. */
  void run(int count, Chunks work) {
    if (count <= 1 || workers.length == 0) {
      for (int i = 0; i < count; i++) {
        work.run(i, 0);
      }
      return;
    }
    Job job = new Job(work, count);
    current = job;
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
    job.take(0);
    for (int spins = 0; job.done.get() < count; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        // The thread that has the last chunk may be waiting for this very core.
        Thread.yield();
      }
    }
    if (job.failure != null) {
      throw new IllegalStateException("a kernel failed: " + job.failure, job.failure);
    }
  }

  private void serve(int worker) {
    Job seen = null;
    while (!closed) {
      int spins = 0;
      while (current == seen && !closed) {
        if (spins++ < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      seen = current;
      if (!closed) {
        seen.take(worker);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  private static final class Job {

    private final Chunks work;
    private final int count;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile Throwable failure;

    Job(Chunks work, int count) {
      this.work = work;
      this.count = count;
    }

    void take(int worker) {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        try {
          work.run(i, worker);
        } catch (RuntimeException | Error e) {
          failure = e;
        } finally {
          done.incrementAndGet();
        }
      }
    }
  }
}
