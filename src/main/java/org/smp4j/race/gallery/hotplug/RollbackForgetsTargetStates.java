package org.smp4j.race.gallery.hotplug;

import static org.smp4j.weave.Call.call;

import java.util.List;
import org.smp4j.Machine;
import org.smp4j.explore.Exploring;
import org.smp4j.hotplug.CpuHotplug;
import org.smp4j.hotplug.CpuhpCallback;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Errno;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.weave.Weave;

/** A CPU whose take-down fails stays online, with some of its states torn down. */
@RaceFacts(slug = "rollback-forgets-target-states",
        title = "cpu/hotplug: Fix rollback during error-out in __cpu_disable()", hash = "3b9d6da67e11",
        certainty = Certainty.VERIFIED, year = 2016, model = MemoryModel.SEQ, cpus = 2,
        breaks = "online without its states", symptom = "a CPU is online, and its threads are parked",
        proof = "bound1", shows = {"CPU 1 is online, and its state is torn down"},
        story = """
                Taking a CPU down first undoes the states that its own thread undoes, for example parks its threads,
                and then stops it. If the architecture refuses the last step, all must be set up again. The control
                CPU undid what it had done itself, and left out what the CPU's thread had done. The CPU stayed online
                without its threads. Now the rollback goes through that thread too.""")
public final class RollbackForgetsTargetStates extends MachineScenario implements Race {
    // Written by: callbacks on CPU 1. Read by: the check. Ordering: volatile.
    private volatile boolean down;

    /** The race. */
    public RollbackForgetsTargetStates() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(CpuHotplug.class, "cpuDownWriteLocked").drop(call("org.smp4j.hotplug.CpuhpThread", "kick"));
    }

    @Override
    protected void run(Machine machine) {
        task(0, "cpu_down", () -> {
            machine.hotplug().setup().setupStateNocalls(CpuhpState.AP_ONLINE_DYN, "state",
                    CpuhpCallback.named("startup", cpu -> set(false)),
                    CpuhpCallback.named("teardown", cpu -> set(true)));
            machine.hotplug().archCpuDisable(cpu -> -Errno.EBUSY);
            machine.hotplug().removeCpu(1);
        });
    }

    private int set(boolean now) {
        down = now;
        return 0;
    }

    @Override
    protected void check(Machine machine) {
        if (machine.cpus().online.testCpu(1) && down) {
            Exploring.broken("online without its states", "CPU 1 is online, and its state is torn down", List.of());
        }
    }
}
