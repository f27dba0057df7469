package org.smp4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.fuzz.program.Program;
import org.smp4j.selftest.Mutant;
import org.smp4j.selftest.Mutants;
import org.smp4j.weave.Weave;

/** A program is explored under the memory model that is asked for: only java shows an ordering that is missing. */
class WeakMemoryProgramTest {
    private static ProgramResult explore(MemoryModel memory, Weave weave) {
        LoadedTower tower = new LoadedTower(List.of(), WeakMemoryProgramTest.class.getClassLoader(), weave);
        return new ProgramExplorer(tower, 300, Explorer.Progress.NONE, memory)
                .explore(Program.parse("c3/t0=async.2.0,async.2.0/t1=async.2.0,async.2.0"));
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void missingOrderingIsFoundUnderJava(MemoryModel memory) {
        Mutant mutant = Mutants.all().stream().filter(each -> each.name().equals("llist-take-release")).findFirst()
                .orElseThrow();
        ProgramResult result = explore(memory, mutant.mutation());
        assertThat(result.fault()).isNull();
        assertThat(result.failed()).as(result.message()).isEqualTo(memory == MemoryModel.JAVA);
        if (memory == MemoryModel.JAVA) {
            assertThat(explore(memory, Weave.nothing()).failed()).isFalse();
        }
    }
}
