package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.hold;

import org.smp4j.Machine;
import org.smp4j.explore.Exploring;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Errno;
import org.smp4j.scenario.MachineScenario;

/** What a control CPU and the CPU that it brings up or takes down hand on to each other. */
public final class Hotplugs {
    private static final int TARGET = 1;

    private Hotplugs() {
    }

    private static void state(Machine machine, int expected) {
        int state = machine.hotplug().files().state(TARGET);
        int target = machine.hotplug().files().target(TARGET);
        hold(state == expected && target == expected, "state", "the CPU is in state " + state + ", its target is "
                + target + ", and not " + expected);
    }

    /** A CPU is taken down and brought up. */
    public static final class DownAndUp extends MachineScenario {
        /** Made for each run. */
        public DownAndUp() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "controls", () -> {
                int down = machine.hotplug().removeCpu(TARGET);
                hold(down == 0, "down", "remove_cpu returns " + down);
                state(machine, CpuhpState.OFFLINE);
                int up = machine.hotplug().addCpu(TARGET);
                hold(up == 0, "up", "add_cpu returns " + up);
                state(machine, CpuhpState.ONLINE);
                Exploring.stretch(false);
            });
        }
    }

    /** A step fails, and the CPU goes back. */
    public static final class Fails extends MachineScenario {
        /** Made for each run. */
        public Fails() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "controls", () -> {
                machine.hotplug().files().setFail(TARGET, CpuhpState.AP_SMPBOOT_THREADS);
                int down = machine.hotplug().removeCpu(TARGET);
                hold(down == -Errno.EAGAIN, "down", "remove_cpu returns " + down);
                state(machine, CpuhpState.ONLINE);
                Exploring.stretch(false);
            });
        }
    }

    /** All CPUs but one are frozen, and thawed; callbacks are told. */
    public static final class Frozen extends MachineScenario {
        /** Made for each run. */
        public Frozen() {
            super(2);
        }

        private static int tellsFrozen(Machine machine) {
            boolean frozen = machine.hotplug().cpuhpTasksFrozen();
            hold(frozen, "frozen", "a callback is not told of the suspend");
            return 0;
        }

        @Override
        protected void run(Machine machine) {
            Exploring.stretch(false);
            task(0, "suspends", () -> {
                machine.hotplug().setup().setupStateNocalls(CpuhpState.AP_ONLINE_DYN, "tells",
                        _ -> tellsFrozen(machine), _ -> tellsFrozen(machine));
                Exploring.stretch(true);
                int err = machine.hotplug().freezeSecondaryCpus(0);
                hold(err == 0, "freeze", "freeze_secondary_cpus returns " + err);
                machine.hotplug().thawSecondaryCpus();
                Exploring.stretch(false);
                state(machine, CpuhpState.ONLINE);
            });
        }
    }
}
