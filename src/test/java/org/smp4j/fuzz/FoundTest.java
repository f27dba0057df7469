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
                    100));

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
}
