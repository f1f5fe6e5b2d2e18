package dev.millrace.model.learner;

import dev.millrace.model.data.Embedding;
import dev.millrace.model.data.Interaction;
import dev.millrace.model.data.LearningMetrics;
import dev.millrace.model.data.Recommendations;
import dev.millrace.model.data.SourcePosition;
import dev.millrace.model.kernel.SeededRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Drives a learner with made-up baskets for a while, then closes it. */
final class WarmUp {

  private static final int USERS = 300;
  private static final int ITEMS = 3_000;
  private static final int LINES = 20;

  private WarmUp() {}

  static void run(OnlineLearner<Interaction> learner, Duration patience) {
    SeededRandom random = new SeededRandom(1);
    SourcePosition nowhere = new SourcePosition("warm-up", 0, 0);
    long end = System.nanoTime() + patience.toNanos();
    try (learner) {
      for (long time = 0; System.nanoTime() < end; time += 60_000) {
        String user = "u" + random.nextInt(USERS);
        List<Interaction> basket = new ArrayList<>(LINES);
        for (int i = 0; i < LINES; i++) {
          String item = "i" + random.nextInt(ITEMS);
          basket.add(new Interaction(user, item, "", time, 1, "", nowhere, 0));
        }
        learner.observe(new EventGroup<>(time, basket), NOWHERE);
      }
    }
  }

  private static final LearnerOutput NOWHERE =
      new LearnerOutput() {
        @Override
        public void embedding(Embedding embedding, long arrivalTime) {}

        @Override
        public void recommendations(Recommendations recommendations, long arrivalTime) {}

        @Override
        public void metrics(LearningMetrics metrics) {}
      };
}
