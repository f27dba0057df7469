package org.smp4j.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.lib.Completion;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Warnings;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.Programs;
import org.smp4j.testing.TestMachine;
import org.smp4j.weave.Weave;

/** A kernel thread that ends instead of parking: no task waits for it forever. */
class KthreadDeathTest {
    private final TestMachine box = TestMachine.boot(3);

    @AfterEach
    void close() {
        box.close();
    }

    /** One is asked to park while it is on its way to its end. */
    public static class EndsInsteadOfParking extends MachineScenario {
        private int answer = 1;

        public EndsInsteadOfParking() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            Kthread kthread = Kthread.createOnCpu(machine.scheduler(), "ends", 1, () -> { });
            task(0, "parker", () -> {
                kthread.startOnce();
                answer = kthread.kthreadPark();
            });
        }

        @Override
        protected void check(Machine machine) {
            assertThat(answer).isEqualTo(-Errno.ENOSYS);
            machine.warnings().reset(); // that it was asked to park too late, in some runs
        }
    }

    private static Report explore(Weave weave, String strategy, int schedules) {
        LoadedProgram program = new LoadedProgram(EndsInsteadOfParking.class.getName(), Programs.options()
                .withWeaves(weave), KthreadDeathTest.class.getClassLoader());
        return Explorer.explore(program, ExploreOptions.DEFAULT.withStrategy(strategy).withSchedules(schedules),
                Explorer.Progress.NONE);
    }

    @Test
    void aRequestToParkReturnsWhenTheThreadEnds() {
        Report before =
                explore(Weave.in(Kthread.class, "ends").drop(call(Completion.class, "complete")), "portfolio", 5_000);
        assertThat(before.failure()).as(before.text()).isNotNull();
        Report forgotten = explore(Weave.in(Kthread.class, "kthreadPark").ignore("ended"), "portfolio", 5_000);
        assertThat(forgotten.failure()).as(forgotten.text()).isNotNull();
        Report after = explore(Weave.nothing(), "portfolio", 2_000);
        assertThat(after.failure()).as(after.text()).isNull();
    }

    /** A thread of each CPU whose method throws when its CPU goes. */
    @Test
    void aCpuGoesAndComesWithoutAThreadThatThrewInsteadOfParking() {
        box.expectWarning(Warnings.THROWN);
        box.run(0, () -> {
            SmpbootThreads.HotplugThread kind = new SmpbootThreads.HotplugThread() {
                @Override
                public String comm(int cpu) {
                    return "throws/" + cpu;
                }

                @Override
                public boolean threadShouldRun(int cpu) {
                    return false;
                }

                @Override
                public void threadFn(int cpu) {
                    throw new AssertionError();
                }

                @Override
                public void park(int cpu) {
                    throw new IllegalStateException("on purpose");
                }
            };
            box.machine().smpbootThreads().register(kind);
            for (int round = 0; round < 2; round++) {
                assertThat(box.machine().hotplug().removeCpu(2)).isZero();
                assertThat(box.machine().hotplug().addCpu(2)).isZero();
            }
            box.machine().smpbootThreads().unregister(kind);
        });
        assertThat(box.machine().warnings().list()).singleElement().asString().contains("throws/2");
    }
}
