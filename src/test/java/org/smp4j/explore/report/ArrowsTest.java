package org.smp4j.explore.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.run.Program;
import org.smp4j.race.Gallery;

/** An arrow goes from what a CPU sends to the one that gets it. */
class ArrowsTest {
    private static List<RunRecord.Row> rows(String slug) {
        Program program = Gallery.program(slug + "/buggy").orElseThrow();
        String token = Explorer.explore(program, ExploreOptions.DEFAULT, Explorer.Progress.NONE).token();
        return Explorer.record(program, token, false, Explorer.Progress.NONE).run().rows();
    }

    @ParameterizedTest
    @CsvSource({"stop-two-triangle, 3, 0", "double-wake-up, 0, 2", "nowait-stop-vs-offline, 3, 2"})
    void interruptsGoToTheirTargetAndWakeUpsToTheirTask(String slug, int leastInterrupts, int leastWakeUps) {
        List<RunRecord.Row> rows = rows(slug);
        int interrupts = 0;
        int wakeUps = 0;
        for (RunRecord.Row row : rows) {
            RunRecord.Row from = row.from() < 0 ? null : rows.get(row.from());
            if (row.arrow().equals("IPI")) {
                interrupts++;
                assertThat(from.text()).startsWith("changes " + row.column() + ".pending.bits");
            } else if (row.arrow().equals("wake-up")) {
                wakeUps++;
                assertThat(from.text()).endsWith(from.text().contains(".woken") ? " = true" : ".state = RUNNING");
                assertThat(from.text()).startsWith(row.actor() + ".");
            } else if (row.text().contains(".stopRunnable") && !row.arrow().isEmpty()) {
                assertThat(from.text()).endsWith("stopRunnable = true");
            }
        }
        assertThat(interrupts).isGreaterThanOrEqualTo(leastInterrupts);
        assertThat(wakeUps).isGreaterThanOrEqualTo(leastWakeUps);
    }

    /** It is one flag: that it is set a second time wakes nothing. */
    @Test
    void stopperIsWokenByTheFirstThatAsks() {
        List<RunRecord.Row> rows = rows("stop-two-triangle");
        RunRecord.Row seen = rows.stream().filter(row -> row.arrow().equals("stop")
                && row.text().equals("sees rq 0.stopRunnable true")).findFirst().orElseThrow();
        RunRecord.Row first = rows.stream().filter(row -> row.text().equals("rq 0.stopRunnable = true")).findFirst()
                .orElseThrow();
        assertThat(rows.get(seen.from())).isSameAs(first);
        assertThat(first.column()).isEqualTo("CPU 2");
    }

    /** Where one CPU queues a work for the stopper of another, an arrow leads to its beginning. */
    @ParameterizedTest
    @CsvSource({"nowait-stop-vs-offline, queues for stopper 1, stopper 1 begins",
        "csd-unlock-after-callback, has queued report to CPU 1, CPU 1 runs report"})
    void queuedWorksAndCallsLeadToWhereTheyBegin(String slug, String sent, String begun) {
        List<RunRecord.Row> rows = rows(slug);
        RunRecord.Row end = rows.stream().filter(row -> row.text().startsWith(begun)).findFirst().orElseThrow();
        assertThat(end.from()).isNotNegative();
        assertThat(rows.get(end.from()).text()).startsWith(sent);
    }
}
