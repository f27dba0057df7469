package org.smp4j.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.OrderedAccess.access;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.scenario.Programs;
import org.smp4j.weave.Weave;

/** What simulated CPUs may see of each other's words under a weak memory model. */
class WeakCpusTest {
    private static Report explore(Class<?> scenario, MemoryModel memory, String strategy, Weave weave) {
        LoadedProgram program = new LoadedProgram(scenario.getName(), Programs.options().withWeaves(weave),
                WeakCpusTest.class.getClassLoader());
        return Explorer.explore(program, ExploreOptions.DEFAULT.withStrategy(strategy).withSchedules(50_000)
                .withMemory(memory), Explorer.Progress.NONE);
    }

    private static Report search(Class<?> scenario, MemoryModel memory) {
        return explore(scenario, memory, "bound1", Weave.nothing());
    }

    @Test
    void aCpuSeesTheWordsOfAnotherOutOfOrder() {
        Report report = search(WeakCpus.Message.class, MemoryModel.JAVA);
        assertThat(report.text()).contains("y without x",
                ": reads 0: the store of 1 by CPU 0 at WeakCpus.java:", "is not visible yet",
                "note: the same schedule does not fail if every read returns the newest value");
        assertThat(report.switches()).isEqualTo(1);
        assertThat(search(WeakCpus.Message.class, MemoryModel.TSO).complete()).isTrue();
        Report again = Explorer.replay(new LoadedProgram(WeakCpus.Message.class.getName(), Programs.options(),
                WeakCpusTest.class.getClassLoader()), report.token(), false, Explorer.Progress.NONE);
        assertThat(again.lines()).isEqualTo(report.lines());
    }

    @Test
    void storesOfCpusAreBuffered() {
        for (MemoryModel memory : MemoryModel.values()) {
            Report report = search(WeakCpus.Buffers.class, memory);
            assertThat(report.passed()).as("%s: %s", memory, report.text()).isEqualTo(memory == MemoryModel.SC);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {WeakCpus.Call.class, WeakCpus.Flagged.class, WeakCpus.OwnStore.class,
             WeakCpus.Switch.class, WeakCpus.Move.class})
    void whatTheMachineOrdersIsOrdered(Class<?> scenario) {
        for (MemoryModel memory : MemoryModel.values()) {
            Report report = search(scenario, memory);
            assertThat(report.failure()).as("%s: %s", memory, report.text()).isNull();
            assertThat(report.complete()).isTrue();
        }
    }

    @Test
    void anInterruptCarriesWhatItsSenderHasDone() {
        Weave weaker = Weave.in("org.smp4j.cpu.PendingWord", "getAndSet")
                .weaken(access("BITS", "getAndBitwiseOr")).to("getAndBitwiseOrAcquire");
        Report report = explore(WeakCpus.Flagged.class, MemoryModel.JAVA, "bound2", weaker);
        assertThat(report.failure()).as(report.text()).isNotNull();
    }

    @Test
    void aBootedMachineHasTheSameMemory() {
        Report report = explore(WeakCpus.MachineMessage.class, MemoryModel.JAVA, "portfolio", Weave.nothing());
        assertThat(report.text()).contains("y without x", "is not visible yet");
        assertThat(explore(WeakCpus.MachineMessage.class, MemoryModel.TSO, "bound1", Weave.nothing()).failure())
                .isNull();
    }

    @Test
    void theClaimNamesTheHardware() {
        assertThat(search(WeakCpus.Call.class, MemoryModel.JAVA).claim())
                .contains("; the code of simulated hardware reads the newest values");
    }
}
