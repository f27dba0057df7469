package org.smp4j.selftest.scenario;

import static org.smp4j.selftest.scenario.Rules.mustHold;

import org.smp4j.lib.CpuMask;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Task;

/** Scenarios of tasks that see what other tasks have set for them, without a lock. */
public final class TaskOrderings {
    private TaskOrderings() {
    }

    /** A task looks where it may run while that is set: it sees the old mask or the new one. */
    public static final class Affinity extends TaskScenario {
        /** Made for each run. */
        public Affinity() {
            super(2);
        }

        @Override
        protected void play() {
            Task looks = task(1, "looks", () -> {
                CpuMask mask = Task.current().affinity();
                boolean here = mask.testCpu(1);
                mustHold(here, "affinity", () -> "a task that may always run on CPU 1 reads that it may not");
            });
            task(0, "sets", () -> scheduler().setCpusAllowedPtr(looks, CpuMask.of(nrCpus, 0, 1)));
        }
    }
}
