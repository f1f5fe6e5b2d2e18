package dev.millrace.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.millrace",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {

  /** Tests of the other modules come as jars of their own. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule modelKnowsNoStreamsAndNoFormats =
      noClasses()
          .that()
          .resideInAPackage("dev.millrace.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink..",
              "org.apache.kafka..",
              "com.fasterxml..",
              "dev.millrace.connectors..",
              "dev.millrace.job..");

  @ArchTest
  static final ArchRule connectorsSeeOnlyTheDataOfTheModel =
      noClasses()
          .that()
          .resideInAPackage("dev.millrace.connectors..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.millrace.job..",
              "dev.millrace.model.kernel..",
              "dev.millrace.model.objective..",
              "dev.millrace.model.encoder..",
              "dev.millrace.model.memory..",
              "dev.millrace.model.cluster..",
              "dev.millrace.model.optimizer..",
              "dev.millrace.model.augment..",
              "dev.millrace.model.eval..",
              "dev.millrace.model.ranker..",
              "dev.millrace.model.vision..",
              "dev.millrace.model.learner..");

  @ArchTest
  static final ArchRule dataAndKernelAreTheGroundFloor =
      noClasses()
          .that()
          .resideInAnyPackage("dev.millrace.model.data..", "dev.millrace.model.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.millrace.model.objective..",
              "dev.millrace.model.encoder..",
              "dev.millrace.model.memory..",
              "dev.millrace.model.cluster..",
              "dev.millrace.model.optimizer..",
              "dev.millrace.model.augment..",
              "dev.millrace.model.eval..",
              "dev.millrace.model.ranker..",
              "dev.millrace.model.vision..",
              "dev.millrace.model.learner..");

  @ArchTest
  static final ArchRule onlyTheLearnerStandsOnEverything =
      noClasses()
          .that()
          .resideInAPackage("dev.millrace.model..")
          .and()
          .resideOutsideOfPackage("dev.millrace.model.learner..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.millrace.model.learner..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.millrace.(**)").should().beFreeOfCycles();
}
