package org.smp4j.race.gallery.hotplug;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.Machine;
import org.smp4j.hotplug.CpuhpCallback;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Errno;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.weave.Weave;

/** A callback that can fail stands where a failure can't be undone. */
@RaceFacts(slug = "padata-dead-callback-fails",
        title = "padata: title not certain; the callback runs while the CPU can still stay",
        certainty = Certainty.MEMORY, year = 2025, model = MemoryModel.SEQ, cpus = 2, breaks = "warning: _cpu_down",
        symptom = "warning: a callback for a dead CPU has failed", proof = "bound1", shows = {"DEAD callback error"},
        story = """
                When a CPU goes down, padata builds smaller masks, for which it needs memory, and may get none. Its
                callback stood among those that run when the CPU is dead already. A failure there cannot be undone: the
                CPU is gone, its states are half torn down, and the kernel can only warn. Now the callback is one of
                those that run on the CPU before it stops, where a failure makes the CPU stay.""")
public final class DeadCallbackFails extends MachineScenario implements Race {
    /** The race. */
    public DeadCallbackFails() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(DeadCallbackFails.class, "run").lambdas().replace(call(DeadCallbackFails.class, "state"))
                .by(hook(DeadCallbackFails.class, "deadState"));
    }

    @Override
    protected void run(Machine machine) {
        task(0, "cpu_down", () -> {
            machine.hotplug().setup().setupStateNocalls(state(), "padata", null,
                    CpuhpCallback.named("padata_cpu_down", cpu -> -Errno.ENOMEM));
            machine.hotplug().removeCpu(1);
        });
    }

    private int state() {
        return CpuhpState.AP_ONLINE_DYN;
    }

    /**
     * The old place.
     *
     * @param race the race
     * @return the state
     */
    public static int deadState(DeadCallbackFails race) {
        return CpuhpState.BP_PREPARE_DYN;
    }
}
