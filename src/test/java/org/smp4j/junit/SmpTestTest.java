package org.smp4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.smp4j.explore.samples.ExploreSamples;
import org.smp4j.explore.samples.SmpSamples;

/** Tests of {@link SmpTest}, by running some; and of what is marked as a test and is none. */
class SmpTestTest {
    private static EngineExecutionResults run(String method) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(SmpSamples.Tests.class.getName() + "#" + method)).execute();
    }

    private static Throwable failure(String method) {
        return run(method).testEvents().failed().stream().findFirst().orElseThrow()
                .getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
    }

    @Test
    void waitsForAllTasks() {
        EngineExecutionResults results = run("passes(org.smp4j.Machine)");
        results.testEvents().assertStatistics(statistics -> statistics.succeeded(1));
        results.containerEvents().assertStatistics(statistics -> statistics.failed(0));
    }

    @Test
    void failsAsTheTestDoes() {
        assertThat(failure("fails(org.smp4j.Machine)")).isInstanceOf(AssertionError.class)
                .hasMessageContaining("[here]");
    }

    @Test
    void warningFails() {
        Throwable failure = failure("taskFails(org.smp4j.Machine)");
        assertThat(failure).isInstanceOf(AssertionError.class).hasMessageContaining("the machine warned");
        assertThat(failure.getSuppressed()).hasOnlyElementsOfType(IllegalStateException.class).isNotEmpty();
    }

    @Test
    void hangIsShown() {
        assertThat(failure("hangs(org.smp4j.Machine)")).isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("not done after 1 s", "CPU: 0", "CPU: 1", "task:waits-for-ever",
                "waitForCompletion");
    }

    /** Closing the machine would wait for it for half a minute. */
    @Test
    void hangOfATaskThatTakesNoInterruptIsSaidInTime() {
        SmpSamples.Tests.LET_GO.set(0);
        long begin = System.nanoTime();
        Throwable failure = failure("spins(org.smp4j.Machine)");
        long seconds = (System.nanoTime() - begin) / 1_000_000_000L;
        SmpSamples.Tests.LET_GO.set(1);
        assertThat(failure).hasMessageContainingAll("not done after 1 s", "spins-without-a-poll");
        assertThat(seconds).isLessThan(20);
    }

    @Test
    void misuseIsSaid() {
        assertThat(failure("takesNoMachine()")).hasMessageContaining("must take a Machine");
        assertThat(failure("cannotBoot(org.smp4j.Machine)")).hasStackTraceContaining("nonsense");
    }

    @Test
    void whatJUnitDoesNotSeeFails() {
        EngineExecutionResults results = EngineTestKit.engine(UnseenEngine.ID)
                .selectors(selectClass(ExploreSamples.Unseen.class), selectClass(SmpSamples.Unseen.class),
                selectClass(SmpSamples.Tests.class)).execute();
        assertThat(results.testEvents().failed().stream().map(event -> event.getTestDescriptor().getDisplayName()))
                .containsExactlyInAnyOrder("returnsSomething", "isPrivate", "isStatic", "returnsSomething");
        assertThat(results.testEvents().failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow()
                .getMessage()))
                .allMatch(message -> message.contains("JUnit would not run it"));
        EngineExecutionResults one = EngineTestKit.engine(UnseenEngine.ID)
                .selectors(selectMethod(ExploreSamples.Unseen.class.getName() + "#isPrivate()"))
                .execute();
        assertThat(one.testEvents().failed().count()).isEqualTo(1);
    }
}
