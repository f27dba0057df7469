package org.smp4j.scenario.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.report.RunRecord;
import org.smp4j.explore.run.Program;
import org.smp4j.race.Gallery;

/** What reports and pages say of a machine. */
class MachineViewTest {
    private static Report explore(Program program) {
        return Explorer.explore(program, ExploreOptions.DEFAULT, Explorer.Progress.NONE);
    }

    private static Program buggy(String slug) {
        return Gallery.program(slug + "/buggy").orElseThrow();
    }

    /** Each of the three stops has a band of its own, and each stopper shows what it runs and what is queued. */
    @Test
    void stopsThatGoOnAtTheSameTimeAreToldApart() {
        Program program = buggy("stop-two-triangle");
        RunRecord run = Explorer.record(program, explore(program).token(), false, Explorer.Progress.NONE).run();
        assertThat(run.bands()).containsKeys("multi-stop", "multi-stop 2", "multi-stop 3")
                .doesNotContainKey("multi-stop 4");
        Map<String, String> last = new HashMap<>();
        run.rows().forEach(row -> row.changes().forEach((column, aspects) -> aspects
                .forEach((aspect, value) -> last.put(column + "/" + aspect, value))));
        assertThat(List.of("multi-stop", "multi-stop 2", "multi-stop 3"))
                .allSatisfy(aspect -> assertThat(last).containsEntry("/" + aspect, "PREPARE"));
        assertThat(last).containsEntry("CPU 0/stopper",
                "runs multi_cpu_stop of stop-01, queued: multi_cpu_stop of stop-20");
    }

    /** What a machine is set up with is where its CPUs begin, and no part of the story. */
    @ParameterizedTest
    @CsvSource({"csd-unlock-after-callback, uses csd(report) at", "affinity-mask-rechecked, active.words 0-1 -> 0",
        "cfd-freed-while-in-use, uses csd(f) at"})
    void objectsHaveNamesAndTheSetupIsNotTold(String slug, String told) {
        String text = explore(buggy(slug)).text();
        assertThat(text).contains(told).doesNotContain("long[", "long#", "Csd#", "Cpus.awake", "main   ");
    }
}
