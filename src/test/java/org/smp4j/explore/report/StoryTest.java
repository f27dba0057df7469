package org.smp4j.explore.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.protocol.SeedRace;
import org.smp4j.explore.run.Program;
import org.smp4j.explore.samples.Held;
import org.smp4j.explore.samples.TwoLocks;
import org.smp4j.page.PagePrograms;
import org.smp4j.race.Gallery;
import org.smp4j.scenario.Programs;

class StoryTest {
    private static final int MOST_LINES = 20;

    private static Program seed() {
        return new LoadedProgram(SeedRace.class.getName(),
                Programs.options().withWeaves(SeedRace.Edits.STRETCH, SeedRace.Edits.PREEMPTIBLE),
                StoryTest.class.getClassLoader());
    }

    private static Program twoLocks() {
        return new LoadedProgram(TwoLocks.class.getName(), Programs.unwatched(), StoryTest.class.getClassLoader());
    }

    private static Program java(Class<?> type) {
        return new LoadedProgram(type.getName(), Programs.options(), StoryTest.class.getClassLoader());
    }

    private static Program race(String slug) {
        return Gallery.program(slug + "/buggy").orElseThrow();
    }

    /** What a kernel engineer must find in the report, in this order. */
    static Stream<Arguments> races() {
        return Stream.of(
                Arguments.of("seed", seed(), List.of("send", "sees online.words 0-2",
                        "> send in smpCallSingleQueue stops",
                        "(preempt count 0)", "the rule holds without this", "takes an interrupt: RESCHED",
                        "takeCpuDown: changes online.words 0-2 -> 0-1", "flush: finds CPU 2.pending.first empty",
                        "sees CPU 2.pending.first empty, has queued seed to CPU 2 (offline)")),
                Arguments.of("triangle", race("stop-two-triangle"), List.of("stopper runs", "waits for stopper 1",
                        "queues for stopper 0: stop-01's", "> stop-01 in queueTwoWorks stops",
                        "the rule holds without this", "queues for stopper 0, 2: stop-20's", "stopper 2 begins",
                        "stopper 1 begins", "stopper 0 begins")),
                Arguments.of("two locks", twoLocks(), List.of("a waits for ReentrantLock#0, held by b",
                        "b waits for Object#0, held by a", "takes Object", "takes ReentrantLock")),
                Arguments.of("bank", java(PagePrograms.Bank.class), List.of("payer",
                        "Account#0.balance 100, balance = 90",
                        "> payer in PagePrograms.java:", "the rule holds without this", "auditor", "sees balance 90",
                        "sees Account#1.balance 100", "Bank.sum = 190", "payer", "sees Account#1.balance 100",
                        "main", "sees sum 190")),
                Arguments.of("check, then act", java(PagePrograms.CheckThenAct.class), List.of(
                        "all threads step in turn",
                        "a ", "sees CheckThenAct.size 1", "b ", "sees size 1", "a ", "size = 0", "b ", "sees size 0",
                        "size = -1")),
                Arguments.of("lock in use", java(PagePrograms.InUse.class), List.of("a ", "takes ReentrantLock", "b ",
                        "finds ReentrantLock taken")),
                Arguments.of("two wakers", race("double-wake-up"), List.of(
                        "sleeper's wake-up entry was queued twice on CPU 1",
                        "> first before DoubleWakeUp.java:", "> sleeper in schedule stops",
                        "the rule holds without this: sleeper sees state BLOCKED", "sees state BLOCKED",
                        "state = RUNNING, finds rq 1.lock taken", "sees sleeper.state RUNNING",
                        "sleeper.state = BLOCKED", "onRq = NO", "CPU 1.pending.first = sleeper.wakeEntry",
                        "sees CPU 1.pending.first sleeper.wakeEntry, first = sleeper.wakeEntry")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("races")
    void reportOfTwentyLinesTellsWhatWentWrong(String name, Program program, List<String> story) {
        Report report = Explorer.explore(program, ExploreOptions.DEFAULT, Explorer.Progress.NONE);
        assertThat(report.text().lines().count()).as(report.text()).isLessThanOrEqualTo(MOST_LINES);
        String oneLine = report.text().replaceAll("\\s+", " ").replaceAll(">[0-9]+", ">");
        assertThat(oneLine).containsSubsequence(story);
        assertThat(oneLine).doesNotContain("TaskState#", "Task#", "OnRq#", "cpuhp_complete_idle_dead");
        assertThat(report.text(ReportForm.DEFAULT.width()).lines().filter(line -> !line.startsWith("replay with"))
                .allMatch(line -> line.length() <= ReportForm.DEFAULT.width())).isTrue();
    }

    /** The page shows which thread holds which lock. */
    @Test
    void threadsHoldLocks() {
        Report report = Explorer.explore(twoLocks(), ExploreOptions.DEFAULT, Explorer.Progress.NONE);
        List<RunRecord.Row> rows = Explorer.record(twoLocks(), report.token(), false, Explorer.Progress.NONE).run()
                .rows();
        assertThat(rows).filteredOn(row -> row.text().contains("takes ReentrantLock")).singleElement()
                .satisfies(row -> assertThat(row.changes().get("b")).containsEntry("holds", "ReentrantLock#0"));
        assertThat(rows).filteredOn(row -> row.text().contains("takes Object")).singleElement()
                .satisfies(row -> assertThat(row.changes().get("a")).containsEntry("holds", "Object#0"));
    }

    /** The runs that are made to say what becomes of this one use the same objects for their own locations. */
    @ParameterizedTest
    @ValueSource(strings = {"stop-two-triangle", "double-wake-up"})
    void furtherRunsChangeNoRank(String slug) {
        Program program = race(slug);
        String token = Explorer.explore(program, ExploreOptions.DEFAULT, Explorer.Progress.NONE).token();
        List<RunRecord.Row> alone = Explorer.record(program, token, false, Explorer.Progress.NONE).run().rows();
        List<RunRecord.Row> explained = Explorer.record(program, token, true, Explorer.Progress.NONE).run().rows();
        assertThat(explained).extracting(RunRecord.Row::rank, RunRecord.Row::text)
                .isEqualTo(alone.stream().map(row -> tuple(row.rank(), row.text())).toList());
    }

    /** By class and field; objects of one class are told apart, and what no field holds has its own class. */
    @Test
    void atomicsAndArraysBearTheNamesOfTheirFields() {
        Program program = java(Held.class);
        String token = Explorer.explore(program, ExploreOptions.DEFAULT, Explorer.Progress.NONE).token();
        assertThat(Explorer.record(program, token, false, Explorer.Progress.NONE).run().rows())
                .extracting(RunRecord.Row::text).anyMatch(text -> text.startsWith("Held.TOTAL = "))
                .anyMatch(text -> text.startsWith("Row#0.cells[1] = "))
                .anyMatch(text -> text.startsWith("Row#0.marks[0] = "))
                .anyMatch(text -> text.startsWith("Row#1.marks[1] = "))
                .anyMatch(text -> text.startsWith("AtomicInteger.value = "));
    }

    /** All steps in columns: what the scenario has a name for bears it, and so do handlers. */
    @Test
    void columnsHaveNames() {
        Report report = Explorer.explore(race("double-wake-up"),
                ExploreOptions.DEFAULT.withForm(new ReportForm(120, true)), Explorer.Progress.NONE);
        String text = report.text();
        assertThat(text).contains("one column per CPU or thread", "| CPU 0", "sleeper.state -> BLOCKED",
                "sleeper.onRq = NO", "rq 1.lock", "cpu/1: ", "-> PARKED");
        assertThat(text).doesNotContain("TaskState#", "Task#", "OnRq#", "Cpu#");
    }

    @Test
    void narrowReportsAreWrappedBetweenWords() {
        assertThat(Story.wrapped("one two three four five six seven eight nine ten eleven twelve thirteen", "  ", 60))
                .containsExactly("one two three four five six seven eight nine ten eleven", "  twelve thirteen");
    }

    /** Only the token may be longer than a line of the terminal. */
    @ParameterizedTest
    @ValueSource(ints = {70, 80})
    void everyLineFitsTheTerminal(int width) {
        Report report = Explorer.explore(twoLocks(),
                ExploreOptions.DEFAULT.withForm(new ReportForm(width, false)), Explorer.Progress.NONE);
        assertThat(report.text(width).lines().filter(line -> !line.startsWith("replay with")))
                .allMatch(line -> line.length() <= width).anyMatch(line -> line.startsWith("    "));
        assertThat(report.text(width)).contains("strategy portfolio", "step, where");
    }

    @Test
    void withoutStepsThereIsNoStory() {
        assertThat(new Story(new Recording(true), Map.of(), 120).lines()).hasSize(1);
    }
}
