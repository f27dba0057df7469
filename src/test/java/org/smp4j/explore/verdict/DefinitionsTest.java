package org.smp4j.explore.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.memory.MemoryModel;

/** What the verdicts do not show of classes that a class loader of the program defines. */
class DefinitionsTest {
    private static final ExploreOptions DPOR = ExploreOptions.DEFAULT.withStrategy("dpor");

    private static Report explore(Class<?> program, ExploreOptions options) {
        return Explorer.explore(load(program), options, Explorer.Progress.NONE);
    }

    private static LoadedProgram load(Class<?> program) {
        return new LoadedProgram(program.getName(), RewriteOptions.defaults(), DefinitionsTest.class.getClassLoader());
    }

    @Test
    void theMemoryModelKeepsOlderValuesOfTheirStaticFields() {
        Report report = explore(Definitions.StoreBuffering.class, DPOR.withMemory(MemoryModel.JAVA));
        assertThat(report.passed()).as(report::text).isFalse();
        assertThat(report.text()).contains("Definitions$Buffers.left");
    }

    /** Both meet classes that no class path has, and so begin anew. */
    @ParameterizedTest
    @ValueSource(classes = {Definitions.UnknownLosesUpdate.class, Loaders.AskedByJvmNever.class})
    void aTokenReplaysOnThreadsToo(Class<?> program) {
        String token = explore(program, DPOR).token();
        assertThat(Explorer.replay(load(program), token, true, Explorer.Progress.NONE).passed()).isFalse();
        assertThat(Explorer.replay(load(program), token, false, Explorer.Progress.NONE).passed()).isFalse();
    }

    /** Each of two threads takes one lock once: two orders. */
    @Test
    void aSearchMakesNoScheduleTwice() {
        Report report = explore(Definitions.NoLostUpdate.class, DPOR);
        assertThat(report.complete()).isTrue();
        assertThat(report.schedules()).isEqualTo(2);
    }
}
