package org.smp4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.fuzz.program.Program;
import org.smp4j.weave.Call;
import org.smp4j.weave.Weave;

/** A grace period that does not wait for a section is found by a program of the two. */
class GracePeriodProgramTest {
    private static ProgramResult explore(String program, Weave weave) {
        LoadedTower tower = new LoadedTower(List.of(), GracePeriodProgramTest.class.getClassLoader(), weave);
        return new ProgramExplorer(tower, 1000, Explorer.Progress.NONE, MemoryModel.SC)
                .explore(Program.parse(program));
    }

    @ParameterizedTest
    @CsvSource({
        "t2/t0=rcu/t1=preempt+1|mask.0, Rcu, synchronizeRcu, Rcu, waitFor",
        "t2/t0=rcuexp/t1=irqs+1|mask.0, ExpeditedGracePeriods, synchronizeRcuExpedited, Completion, waitForCompletion"})
    void tooShortOneIsFound(String text, String owner, String method, String dropped, String call) {
        String program = text.replace('|', ',');
        Weave noWait = Weave.in("org.smp4j.sched." + owner, method)
                .drop(Call.call("org.smp4j." + (dropped.equals("Rcu") ? "sched." : "lib.") + dropped, call));
        ProgramResult right = explore(program, Weave.nothing());
        assertThat(right.failed()).as(right.message()).isFalse();
        assertThat(explore(program, noWait).rule()).isEqualTo("grace period too short");
    }
}
