package org.smp4j.tower;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.scenario.Programs;
import org.smp4j.selftest.scenario.TaskOrderings;
import org.smp4j.weave.Weave;

/** Volatile fields whose comments say that explorations need them opaque only: all of them are, at the same time. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HandOversTest {
    private static final List<String> FIELDS = List.of("sched.Kthread.shouldPark", "sched.Kthread.shouldStop",
            "sched.Kthread.ended", "sched.Task.cpu", "sched.Task.onCpu", "sched.Task.migrateDisabled",
            "sched.RunQueue.curr", "sched.RunQueue.stopRunnable", "sched.RunQueue.pinned",
            "sched.CpuHotplugLock.writer", "stop.StopMachine.stopCpusInProgress", "stop.StopMachine.initialized",
            "stop.CpuStopper.enabled", "sched.Workqueue$Worker.busy", "sched.Timers$Timer.cpu",
            "hotplug.CpuhpCpuState.state", "hotplug.CpuhpCpuState.target", "hotplug.CpuhpCpuState.fail",
            "hotplug.Suspend.tasksFrozen");

    private static Report search(Class<?> scenario, List<String> fields) {
        Weave weave = Weave.nothing();
        for (String field : fields) {
            weave = weave.and(Weave.opaque(owner(field), name(field)));
        }
        LoadedProgram program = new LoadedProgram(scenario.getName(), Programs.unwatched().withWeaves(weave),
                HandOversTest.class.getClassLoader());
        return Explorer.explore(program, ExploreOptions.DEFAULT.withStrategy("bound1").withMemory(MemoryModel.JAVA)
                .withShrink(false), Explorer.Progress.NONE);
    }

    private static String owner(String field) {
        return "org.smp4j." + field.substring(0, field.lastIndexOf('.'));
    }

    private static String name(String field) {
        return field.substring(field.lastIndexOf('.') + 1);
    }

    @Test
    void theFieldsAreVolatile() throws ReflectiveOperationException {
        for (String field : FIELDS) {
            int modifiers = Class.forName(owner(field)).getDeclaredField(name(field)).getModifiers();
            assertThat(Modifier.isVolatile(modifiers)).as(field).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {HandOvers.Parks.class, HandOvers.Ends.class, HandOvers.EachOther.class,
            HandOvers.PairAndAll.class, HandOvers.Refuses.class, HandOvers.Works.class, HandOvers.Cancels.class,
            Hotplugs.DownAndUp.class, Hotplugs.Fails.class, Hotplugs.Frozen.class})
    void opaqueFieldsAreEnoughForOneDeparture(Class<?> scenario) {
        Report report = search(scenario, FIELDS);
        assertThat(report.failure()).as(report.text()).isNull();
        assertThat(report.complete()).isTrue();
    }

    /** The search is one that finds a missing ordering. */
    @Test
    void aFieldThatIsNeededIsFound() {
        Report report = search(TaskOrderings.Affinity.class, List.of("sched.Task.cpusMask"));
        assertThat(report.failure()).isNotNull();
    }
}
