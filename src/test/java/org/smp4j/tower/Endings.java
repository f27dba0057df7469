package org.smp4j.tower;

import static org.smp4j.weave.Call.call;

import java.util.List;
import org.smp4j.Machine;
import org.smp4j.explore.Exploring;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Task;
import org.smp4j.weave.Weave;

/** Tasks that end in the middle of something; each with what is left where they don't clear up. */
public final class Endings {
    private Endings() {
    }

    /** A task ends with its migration disabled; then its CPU is taken down. */
    public static final class EndsPinned extends MachineScenario {
        /** The CPU is left as it is. */
        static final Weave LEFT_PINNED = Weave.in(Task.class, "doExit").drop(call(Task.class, "leaveAtomic"));

        /** Made for each run. */
        public EndsPinned() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            Task ends = task(1, "ends", Task::migrateDisable);
            task(0, "down", () -> {
                ends.join();
                int err = machine.hotplug().removeCpu(1);
                if (err != 0) {
                    Exploring.broken("take-down", "remove_cpu returns " + err, List.of());
                }
            });
        }
    }
}
