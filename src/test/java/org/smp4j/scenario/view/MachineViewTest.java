package org.smp4j.scenario.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
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
import org.smp4j.sched.Task;

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

    /** An object that leads to a task and to another object. */
    private static final class Holder {
        private final Task task;
        private final Holder other;

        Holder(Task task, Holder other) {
            this.task = task;
            this.other = other;
        }
    }

    /** A step within the constructor of a task shows the task before it has its name. */
    @Test
    void aTaskThatIsBeingMadeHasNoNameYet() throws ReflectiveOperationException {
        Class<?> unsafe = Class.forName("sun.misc.Unsafe"); // makes an object whose constructor has not run
        Field instance = unsafe.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        Task made = (Task) unsafe.getMethod("allocateInstance", Class.class).invoke(instance.get(null), Task.class);
        Holder holder = new Holder(made, new Holder(null, null));
        MachineView view = new MachineView(null, holder);
        assertThat(view.object(made)).isNull();
        assertThat(view.object(holder.other)).isEqualTo("other");
        assertThat(new MachineView(null, holder).object(holder.other)).isEqualTo("other");
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
