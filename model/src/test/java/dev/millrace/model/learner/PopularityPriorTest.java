package dev.millrace.model.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.model.kernel.SeededRandom;
import org.junit.jupiter.api.Test;

class PopularityPriorTest {

  @Test
  void saleCountsHalfAfterTheHalfLife() {
    PopularityPrior prior = new PopularityPrior(10);
    prior.add(0);
    for (int i = 0; i < 10; i++) {
      prior.add(i % 2 == 0 ? 1 : 2);
    }
    double total = 0;
    for (int age = 0; age <= 10; age++) {
      total += Math.pow(0.5, age / 10.0);
    }
    assertThat(Math.exp(prior.logShare(0)) - 1e-5).isCloseTo(0.5 / total, within(1e-12));
  }

  @Test
  void correctionTakesTheOwnLineOutOfTheNumerator() {
    PopularityPrior prior = new PopularityPrior(50);
    SeededRandom random = new SeededRandom(1);
    double[] decayed = new double[5];
    long line = 0;
    double age = 0;
    for (int i = 0; i < 400; i++) {
      int item = random.nextInt(5);
      prior.add(item);
      for (int j = 0; j < 5; j++) {
        decayed[j] *= Math.pow(0.5, 1 / 50.0);
      }
      decayed[item]++;
      if (i == 380) {
        line = prior.lines();
        age = 400 - 381;
      }
    }
    double total = decayed[0] + decayed[1] + decayed[2] + decayed[3] + decayed[4];
    for (int item = 0; item < 5; item++) {
      double without = Math.max(0, decayed[item] - Math.pow(0.5, age / 50)) / total;
      assertThat(prior.logShare(item) + prior.correctionWithout(item, line))
          .isCloseTo(Math.log(without + 1e-5), within(1e-9));
    }
  }

  @Test
  void rescalingChangesNothing() {
    PopularityPrior fast = new PopularityPrior(1);
    for (int i = 0; i < 500; i++) {
      fast.add(i % 3);
    }
    assertThat(Math.exp(fast.logShare(1)) - 1e-5).isCloseTo(4.0 / 7, within(1e-6));
  }
}
