package org.smp4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.fuzz.grammar.Legality;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.selftest.Bug;

/** Generated programs that have found faults of the tower, after they were repaired. */
class FoundTest {
    /**
     * A program and what it found.
     *
     * @param fault the fault
     * @param program the program
     * @param schedules so many schedules show it
     */
    private record Found(String fault, String program, long schedules) {
    }

    private static final List<Found> ALL = List.of(
            new Found("an interrupt in a task that had given its thread to the stopper rescheduled the task",
                    "t2/t0=async.0.0,async.1.0,schedule/t0=onenowait.0/t1=schedule,schedule,schedule/d1.2=onenowait.1",
                    100),
            new Found("an oracle's: a function of an irq_work may send its csd to its own CPU twice",
                    "c2/t1=iwown.0.1+1,async.0.1", 100),
            new Found("the explorer's interrupts: the thread of clock events has no sitter",
                    "m3/t0.7=waittime,waittime/t0=waittime/d0.1=softirq.1", 20));

    @Test
    void programsPass() {
        LoadedTower tower = new LoadedTower(List.of(), FoundTest.class.getClassLoader());
        for (Found found : ALL) {
            assertThat(Legality.fault(Program.parse(found.program()), Standard.catalog())).as(found.fault()).isNull();
            Report report = Explorer.explore(tower.program(found.program(), null),
                    ExploreOptions.DEFAULT.withSchedules(found.schedules()).withShrink(false), Explorer.Progress.NONE);
            assertThat(report.passed()).as(found.fault() + ": " + report.text()).isTrue();
        }
    }

    /** It found a fault of the explorer, which lost what an interrupt at a strand's end threw. */
    @Test
    void whatAnInterruptThrowsAtTheEndOfATaskIsAFailure() {
        Bug bug = Bug.all().stream().filter(each -> each.name().equals("late-online-bit")).findFirst().orElseThrow();
        LoadedTower tower = new LoadedTower(List.of(), FoundTest.class.getClassLoader(), bug.weave());
        String program = "m2/t1=statesilent.0,statesilent.1/t1.2=down.0/t0.3=statesilent.0,down.0,statesilent.0,down.0,"
                + "down.0,down.0/t1.3=statesilent.1,veto.0+1,down.0/t1=statesilent.0+2,statesilent.1,down.0";
        Report report = Explorer.probe(tower.program(program, null),
                ExploreOptions.DEFAULT.withSchedules(40).withShrink(false), Explorer.Progress.NONE, new Pairs());
        assertThat(report.passed()).isFalse();
        assertThat(report.failure().rule()).isEqualTo("thrown: org.smp4j.lib.Aborted");
    }
}
