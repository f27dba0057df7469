package org.smp4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smp4j.call.CallMany;
import org.smp4j.call.Smp;
import org.smp4j.explore.Explorer;
import org.smp4j.fuzz.program.Program;
import org.smp4j.weave.Weave;

/** The oracle of calls sees a call end by what its condition throws. */
class ThrownConditionTest {
    private static ProgramResult explore(Weave weave) {
        LoadedTower tower = new LoadedTower(List.of(), ThrownConditionTest.class.getClassLoader(), weave);
        return new ProgramExplorer(tower, 60, Explorer.Progress.NONE)
                .explore(Program.parse("c3/t0=throwcond.2.1,single.1.1/t1=throwcond.0.0,throwcond.2.1"));
    }

    @Test
    void callIsWaitedForBeforeTheExceptionLeavesIt() {
        ProgramResult right = explore(Weave.nothing());
        assertThat(right.failed()).as(right.message()).isFalse();
        assertThat(right.fault()).isNull();
        ProgramResult early = explore(Weave.in(CallMany.class, "waitForMany").drop(call(Smp.class, "lockWait")));
        assertThat(early.rule()).isEqualTo("returned early");
    }
}
