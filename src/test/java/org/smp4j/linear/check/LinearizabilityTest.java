package org.smp4j.linear.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.linear.LinearOptions;
import org.smp4j.linear.LinearReport;
import org.smp4j.structures.Deques;
import org.smp4j.structures.Odds;
import org.smp4j.structures.Queues;
import org.smp4j.structures.Stacks;

/** Structures with a fault are found, right ones pass; each rule of the check is needed. */
class LinearizabilityTest {
    private static final LinearOptions SMALL = LinearOptions.DEFAULT.withPrograms(12)
            .withExplore(ExploreOptions.DEFAULT.withSchedules(200));

    private static final LinearOptions REGISTER = SMALL.withSpecification(Odds.Register.class.getName());

    private static Linearizability.Target target(Class<?> type, String specification) {
        return new Linearizability.Target(type.getName(), type.getName(), null, specification,
                RewriteOptions.defaults(), LinearizabilityTest.class.getClassLoader());
    }

    private static LinearReport check(Class<?> type, LinearOptions options) {
        return Linearizability.check(target(type, options.specification()), options, Explorer.Progress.NONE);
    }

    private static LinearOptions with(LinearOptions options, String strategy, long schedules) {
        return options.withExplore(options.explore().withStrategy(strategy).withSchedules(schedules));
    }

    private static LinearReport found(Class<?> type, LinearOptions options, String rule) {
        LinearReport report = check(type, options);
        assertThat(report.passed()).as(report.text()).isFalse();
        assertThat(report.failure().rule()).as(report.text()).isEqualTo(rule);
        LinearReport again = Linearizability.replay(target(type, options.specification()), report.token(), false,
                Explorer.Progress.NONE);
        assertThat(again.failure().details()).isEqualTo(report.failure().details());
        assertThat(again.lines()).isEqualTo(report.lines());
        return report;
    }

    private static LinearReport passes(Class<?> type, LinearOptions options) {
        LinearReport report = check(type, options);
        assertThat(report.passed()).as(report.text()).isTrue();
        return report;
    }

    // ---- structures

    @Test
    void brokenStacksAreFound() {
        LinearReport getAndSet = found(Stacks.GetAndSet.class, SMALL, Judge.RULE);
        assertThat(getAndSet.failure().details().toString()).contains("pop() -> ");
        LinearReport aba = found(Stacks.Aba.class, LinearOptions.DEFAULT, Judge.RULE);
        assertThat(aba.shrinking()).contains("4 are left after shrinking");
    }

    @Test
    void brokenQueuesAreFound() {
        LinearReport report = found(Queues.TwoSteps.class, SMALL, Judge.RULE);
        assertThat(report.lines().toString()).contains("end of offer(");
        LinearReport wakes = found(Queues.WakesOne.class, SMALL.withSize(3, 2, 0, 0).withPrograms(200), "deadlock");
        assertThat(wakes.failure().message()).contains("wait for ever, as in no sequential run with these results");
    }

    @Test
    void brokenDequeIsFound() {
        found(Deques.Greedy.class, LinearOptions.DEFAULT, Judge.RULE);
    }

    @ParameterizedTest
    @ValueSource(classes = {Stacks.Treiber.class, Stacks.Pooled.class, Queues.Guarded.class, Queues.Slots.class,
        Queues.Waiting.class, Deques.class})
    void rightStructuresPass(Class<?> type) {
        LinearReport report = passes(type, SMALL);
        assertThat(report.schedules()).isEqualTo(12 * 200);
        assertThat(report.claim()).startsWith("nothing found");
        passes(type, with(SMALL.withSize(3, 2, 1, 1).withPrograms(6), "random", 200));
    }

    @ParameterizedTest
    @ValueSource(classes = {Stacks.Treiber.class, Stacks.Pooled.class, Queues.Guarded.class, Queues.Slots.class,
        Queues.Waiting.class, Deques.class})
    @Tag("soak")
    @Timeout(600)
    void rightStructuresPassManySchedules(Class<?> type) {
        for (int threads = 2; threads <= 3; threads++) {
            LinearOptions options = LinearOptions.DEFAULT.withSize(threads, 3, 2, 2);
            assertThat(passes(type, options).schedules()).isEqualTo(100_000);
        }
    }

    // ---- rules

    @Test
    void orderInTimeCounts() {
        LinearReport report = found(Odds.StaleRegister.class, REGISTER.withSize(2, 2, 0, 0), Judge.RULE);
        assertThat(report.failure().message())
                .contains("need an order in which a call that had ended takes effect after");
        passes(Odds.StaleRegister.class, REGISTER.withSize(2, 2, 0, 0).withRealTime(false));
    }

    /** A search that omits equivalent schedules must not omit those that differ only in the order in time. */
    @ParameterizedTest
    @ValueSource(strings = {"dpor", "sleep-sets", "bound1"})
    void searchesKnowTheOrderInTime(String strategy) {
        assertThat(ofRegister(Odds.StaleRegister.class, with(REGISTER, strategy, 100_000), 1).passed())
                .as("the write had ended before the read of 0 began").isFalse();
    }

    /** Another call may come between two calls of a thread: the second one begins late. */
    @Test
    void callBeginsLate() {
        assertThat(ofRegister(Odds.StaleLater.class, REGISTER, 2).failure().rule()).isEqualTo(Judge.RULE);
        assertThat(ofRegister(Odds.StaleLater.class, REGISTER.withRealTime(false), 2).passed()).isTrue();
    }

    /** Explores a program of so many reads on one thread, and a write on the other. */
    private static Report ofRegister(Class<?> type, LinearOptions options, int reads) {
        Linearizability.Target target = target(type, options.specification());
        Plan.Call read = new Plan.Call(0, List.of());
        Plan.Call write = new Plan.Call(1, List.of(0));
        Plan plan = new Plan(List.of(), List.of(Collections.nCopies(reads, read), List.of(write)), List.of());
        assertThat(read.text(target.subject()) + write.text(target.subject())).isEqualTo("read()write(1)");
        return Explorer.explore(target.program(plan, Rules.of(options)), options.explore(), Explorer.Progress.NONE);
    }

    @Test
    void claimOfASearchIsAboutItsPrograms() {
        LinearReport report = passes(Odds.SilentCounter.class, with(SMALL.withSize(2, 2, 0, 0), "dpor", 100_000));
        assertThat(report.claim()).startsWith("for this program, and for no other: proven for ");
        assertThat(report.notes()).anyMatch(note -> note.contains("no more programs of this size"));
        LinearReport cut = passes(Stacks.Treiber.class, with(SMALL.withPrograms(2), "dpor", 3));
        assertThat(cut.claim()).startsWith("nothing found");
    }

    @Test
    void plainFieldsAreSharedEvenBetweenOperations() {
        found(Odds.PlainCounter.class, SMALL, Judge.RULE);
        for (Class<?> type : List.of(Odds.PlainCounter.class, Odds.Fenced.class)) {
            found(type, with(SMALL.withSize(2, 1, 0, 0), "dpor", 100_000), Judge.RULE);
        }
    }

    @Test
    void stateIsCompared() {
        passes(Odds.SilentCounter.class, SMALL);
        assertThat(found(Odds.LossyCounter.class, SMALL, Judge.RULE).failure().details().toString())
                .contains("state -> ");
    }

    @Test
    void exceptionsAreResults() {
        LinearReport report = found(Odds.Throws.class, SMALL, Judge.RULE);
        assertThat(report.failure().details().toString()).contains("throws IllegalStateException");
    }

    @Test
    void failingAssertionIsAFailure() {
        LinearReport report = found(Odds.Asserts.class, SMALL, "thrown: java.lang.AssertionError");
        assertThat(report.failure().message()).contains("1 others");
    }

    @Test
    void deadlockIsFound() {
        LinearReport report = found(Odds.TwoLocks.class, SMALL, "deadlock");
        assertThat(report.shrinking()).contains("2 are left after shrinking");
    }

    @Test
    void waitingForEverIsRightOnlyWhereSequentialRunsWait() {
        passes(Queues.Waiting.class, SMALL.withSize(2, 1, 0, 0));
        LinearReport report = found(Odds.ForgottenWake.class, SMALL.withSize(2, 1, 0, 0), "deadlock");
        assertThat(report.failure().details().toString()).contains("A", "await() waits");
    }

    @Test
    void operationThatWaitsMustSaySo() {
        LinearReport report = found(Odds.Undeclared.class, SMALL, "deadlock");
        assertThat(report.failure().details().toString()).contains("mark it with @Operation(blocking = true)");
    }

    @Test
    void timePassesInSequentialRunsToo() {
        passes(Odds.Patient.class, SMALL);
    }

    @Test
    void sequentialRunsKeepEachOperationOnItsThread() {
        passes(Odds.Reentrant.class, SMALL);
    }

    @Test
    void groupsStayOnOneThread() {
        passes(Odds.SingleConsumer.class, SMALL);
        found(Odds.AnyConsumer.class, SMALL, Judge.RULE);
    }

    @Test
    void specificationSaysWhatIsRight() {
        passes(Odds.Reversed.class, SMALL);
        LinearReport report = found(Odds.Reversed.class, SMALL.withSpecification(Odds.Plain.class.getName()),
                Judge.RULE);
        assertThat(report.token()).contains("@" + Odds.Plain.class.getName());
        assertThat(report.failure().details().toString()).contains("add(\"");
    }

    @Test
    void callsBeforeAreHeldAgainstTheSpecificationToo() {
        Linearizability.Target target = target(Odds.Reversed.class, Odds.Plain.class.getName());
        Plan.Call x = new Plan.Call(0, List.of(0));
        Plan.Call y = new Plan.Call(0, List.of(1));
        Plan.Call last = new Plan.Call(1, List.of());
        Plan plan = new Plan(List.of(x, y, last), List.of(List.of(x)), List.of());
        Report report = Explorer.explore(target.program(plan, Rules.of(SMALL)), SMALL.explore(),
                Explorer.Progress.NONE);
        assertThat(report.passed()).isFalse();
        assertThat(report.failure().details().toString()).contains("before: add(\"x\"), add(\"y\"), last() -> \"x\"");
    }

    /** Outcomes with the same order in time and other results are not taken for known ones. */
    @Test
    void rareOutcomeIsSeenBehindManyRightOnes() {
        found(Odds.RarelyLossy.class, with(SMALL.withSize(2, 1, 0, 0), "random", 5000), Judge.RULE);
    }

    @Test
    void staticsBeginAfresh() {
        passes(Odds.Statics.class, SMALL);
    }

    @Test
    void arraysAreComparedByTheirElements() {
        passes(Odds.Arrays.class, SMALL);
    }

    @Test
    void resultIsComparedAsItWasReturned() {
        found(Odds.Cleared.class, SMALL, Judge.RULE);
        found(Odds.ClearedLists.class, SMALL, Judge.RULE);
        passes(Odds.Views.class, SMALL);
    }

    @Test
    void classesThatOnlySequentialRunsLoadDisturbNothing() {
        LinearOptions options = SMALL.withSpecification(Odds.NumbersWithStatics.class.getName());
        passes(Odds.Numbers.class, options);
        Linearizability.Target target = target(Odds.Twice.class, options.specification());
        LinearReport report = Linearizability.check(target, options.withSize(1, 1, 0, 0), Explorer.Progress.NONE);
        assertThat(report.passed()).as("judged although its classes were loaded anew: %s", report.text()).isFalse();
    }

    /** A long run must not pass for one that waits for ever. */
    @Test
    void sequentialRunBeyondTheStepLimitIsRefused() {
        LinearOptions options = SMALL.withSpecification(Odds.NumbersInManySteps.class.getName());
        passes(Odds.Numbers.class, options);
        assertThatThrownBy(() -> check(Odds.Numbers.class,
                options.withExplore(options.explore().withStepLimit(1000)))).isInstanceOf(ExplorerException.class)
                .hasMessageContaining("more steps than the step limit, 1000");
    }

    @Test
    void resultsWithoutEqualsAreRefused() {
        assertThatThrownBy(() -> check(Odds.Identities.class, SMALL)).isInstanceOf(ExplorerException.class)
                .hasMessageContaining("in another one of the same order: results are compared by equals");
    }

    @Test
    void sameSeedGivesTheSameReport() {
        assertThat(check(Stacks.Aba.class, SMALL).text()).isEqualTo(check(Stacks.Aba.class, SMALL).text());
        assertThat(check(Queues.Slots.class, SMALL).text()).isEqualTo(check(Queues.Slots.class, SMALL).text());
    }
}
