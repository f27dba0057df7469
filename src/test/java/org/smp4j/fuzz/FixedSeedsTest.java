package org.smp4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smp4j.explore.Explorer;
import org.smp4j.fuzz.grammar.Focus;
import org.smp4j.fuzz.production.Standard;

/** A minute of generated programs, always the same. */
class FixedSeedsTest {
    private static final LoadedTower TOWER = new LoadedTower(List.of(), FixedSeedsTest.class.getClassLoader());

    @ParameterizedTest
    @CsvSource({"CALL, 96, 60", "SCHED, 48, 20", "STOP, 48, 20", "HOTPLUG, 12, 10"})
    void nothingIsFound(Focus focus, long programs, long schedules) {
        ProgramExplorer explorer = new ProgramExplorer(TOWER, schedules, Explorer.Progress.NONE);
        FuzzOptions options = new FuzzOptions(focus, 2026, programs, Long.MAX_VALUE, schedules, List.of(), false);
        FuzzReport report = new Campaign(options, Standard.catalog(), List.of(),
                each -> each.stream().map(explorer::explore).toList(), explorer, (_, _, _) -> true).run();
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(report.notes()).isEmpty();
        assertThat(report.programs()).isEqualTo(programs);
    }
}
