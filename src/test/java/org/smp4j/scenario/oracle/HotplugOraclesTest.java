package org.smp4j.scenario.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.hotplug.CpuhpCallback;
import org.smp4j.hotplug.CpuhpSetup;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.hotplug.InvokesTwice;
import org.smp4j.hotplug.OutOfStep;
import org.smp4j.lib.Errno;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.Programs;
import org.smp4j.weave.Weave;

/** What may be set up and torn down, and what may not: each way a CPU comes and goes, and back from halfway. */
class HotplugOraclesTest {
    private static final String THREAD = "org.smp4j.hotplug.CpuhpThread";
    private static final String ENGINE = "org.smp4j.hotplug.StepEngine";

    private static Report explore(Class<?> scenario, Weave weave) {
        LoadedProgram program =
                new LoadedProgram(scenario.getName(), Programs.options()
                .withWeaves(weave), HotplugOraclesTest.class.getClassLoader());
        return Explorer.explore(program, ExploreOptions.DEFAULT.withSchedules(20)
                .withShrink(false), Explorer.Progress.NONE);
    }

    private static void assertKept(Class<?> scenario) {
        Report report = explore(scenario, Weave.nothing());
        assertThat(report.failure()).as(report.text()).isNull();
    }

    private static void assertOutOfStep(Class<?> scenario, Weave weave) {
        Report report = explore(scenario, weave);
        assertThat(report.failure()).as(report.text()).isNotNull();
        assertThat(report.failure().rule()).as(report.text()).isEqualTo("callbacks out of step");
    }

    /** A task changes states and moves CPU 1. */
    public abstract static class Admin extends MachineScenario {
        protected Machine machine;

        protected Admin() {
            super(2);
        }

        @Override
        protected final void run(Machine booted) {
            machine = booted;
            task(0, "admin", this::admin);
        }

        abstract void admin();

        final CpuhpSetup setup() {
            return machine.hotplug().setup();
        }

        final void downAndUp() {
            machine.hotplug().removeCpu(1);
            machine.hotplug().addCpu(1);
        }
    }

    /** A CPU goes and comes back. */
    public static class DownAndUp extends Admin {
        @Override
        void admin() {
            downAndUp();
        }
    }

    /** A driver has had enough of the CPU: it does not come back; the next time it does. */
    public static class RefusesOnce extends Admin {
        private int refused;

        @Override
        void admin() {
            machine.hotplug().removeCpu(1);
            setup().setupStateNocalls(CpuhpState.AP_ONLINE_DYN, "refuses",
                    CpuhpCallback.named("refuses", cpu -> refused++ == 0 ? -Errno.ENOMEM : 0),
                    CpuhpCallback.named("leaves", cpu -> 0));
            assertThat(machine.hotplug().addCpu(1)).isEqualTo(-Errno.ENOMEM);
            assertThat(machine.hotplug().addCpu(1)).isZero();
            machine.hotplug().removeCpu(1);
        }
    }

    /** A driver does not let the CPU go; those above it are set up again. */
    public static class HoldsOnce extends Admin {
        private int held;

        @Override
        void admin() {
            setup().setupState(CpuhpState.AP_ONLINE_DYN, "holds", CpuhpCallback.named("comes", cpu -> 0),
                    CpuhpCallback.named("holds", cpu -> held++ == 0 ? -Errno.EBUSY : 0));
            setup().setupState(CpuhpState.AP_ONLINE_DYN, "above", CpuhpCallback.named("above_up", cpu -> 0),
                    CpuhpCallback.named("above_down", cpu -> 0));
            assertThat(machine.hotplug().removeCpu(1)).isEqualTo(-Errno.EBUSY);
            downAndUp();
        }
    }

    /** A callback fails where nothing may, and where that ends nothing: its other half runs all the same. */
    public static class FailsStarting extends Admin {
        @Override
        void admin() {
            setup().setupStateNocalls(CpuhpState.AP_ARM_CACHE_B15_RAC_DYING, "fails",
                    CpuhpCallback.named("fails", cpu -> -Errno.EIO), CpuhpCallback.named("dying", cpu -> 0));
            downAndUp();
            downAndUp();
        }
    }

    /** A state is taken by one driver after the other, and given up without a word. */
    public static class TakenAgain extends Admin {
        @Override
        void admin() {
            for (int turn = 0; turn < 2; turn++) {
                int slot = setup().setupState(CpuhpState.AP_ONLINE_DYN, "driver",
                        CpuhpCallback.named("comes", cpu -> 0), CpuhpCallback.named("goes", cpu -> 0));
                setup().removeStateNocalls(slot);
            }
        }
    }

    /**
     * The last of the instances does not come up with the CPU; the same one is there twice in another state, and comes
     * back to it.
     */
    public static class Instances extends Admin {
        private boolean refuses;

        @Override
        void admin() {
            String disk = "disk";
            int slot = setup().setupStateMulti(CpuhpState.AP_ONLINE_DYN, "block", (cpu, node) -> 0,
                    (cpu, node) -> 0);
            setup().addInstance(slot, disk);
            setup().addInstance(slot, disk);
            int picky = setup().setupStateMulti(CpuhpState.AP_ONLINE_DYN, "picky", (cpu, node) -> refuses
                    && node == disk ? -Errno.EIO : 0, (cpu, node) -> 0);
            setup().addInstance(picky, disk);
            setup().removeInstanceNocalls(picky, disk);
            setup().addInstance(picky, disk);
            setup().addInstance(picky, "tape");
            machine.hotplug().removeCpu(1);
            refuses = true;
            assertThat(machine.hotplug().addCpu(1)).isEqualTo(-Errno.EIO);
            refuses = false;
            assertThat(machine.hotplug().addCpu(1)).isZero();
        }
    }

    /** A driver with an instance. */
    public static class OneInstance extends Admin {
        @Override
        void admin() {
            int slot = setup().setupStateMulti(CpuhpState.AP_ONLINE_DYN, "block", (cpu, node) -> 0,
                    (cpu, node) -> 0);
            setup().addInstance(slot, "disk");
            downAndUp();
        }
    }

    @Test
    void everyWayToTakeCallbacksInTurnIsRight() {
        assertKept(DownAndUp.class);
        assertKept(RefusesOnce.class);
        assertKept(HoldsOnce.class);
        assertKept(FailsStarting.class);
        assertKept(TakenAgain.class);
        assertKept(Instances.class);
    }

    @Test
    void nothingIsSetUpOrTornDownTwice() {
        assertOutOfStep(DownAndUp.class, Weave.in(ENGINE, "range")
                .withDescriptor("(ZLorg/smp4j/hotplug/CpuhpCpuState;IZ)I").replace(call(ENGINE, "invoke"))
                .by(hook(InvokesTwice.class, "invoke")));
        assertOutOfStep(DownAndUp.class, Weave.in(THREAD, "run").replace(call(ENGINE, "invoke").all(2))
                .by(hook(OutOfStep.class, "oneSidedTwice")));
        assertOutOfStep(OneInstance.class, Weave.in(THREAD, "run").replace(call(ENGINE, "invoke").all(2))
                .by(hook(OutOfStep.class, "dynamicTwice")));
    }

    @Test
    void whatHasFailedIsNotUndone() {
        assertOutOfStep(RefusesOnce.class, Weave.in(THREAD, "run").replace(call(ENGINE, "invoke").all(2))
                .by(hook(OutOfStep.class, "undoesFailure")));
        assertOutOfStep(HoldsOnce.class, Weave.in(THREAD, "run").replace(call(ENGINE, "invoke").all(2))
                .by(hook(OutOfStep.class, "undoesFailure")));
    }
}
