package org.smp4j.race.gallery.hotplug;

import static org.smp4j.weave.Call.call;

import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.LastStop;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.weave.Weave;

/** A CPU goes offline with a call in its queue. */
@RaceFacts(slug = "ipi-pending-at-offline",
        title = "CPU hotplug, smp: flush any pending IPI callbacks before CPU offline",
        hash = "8d056c48e486",
        certainty = Certainty.TITLE_ONLY, year = 2014, cpus = 3, breaks = {"lost call", "ran on an offline CPU"},
        symptom = "call lost, or run on a CPU that is offline", proof = "bound1",
        shows = {"stopper 2 begins", "has queued f to CPU 2"},
        story = """
                A CPU is taken down while all CPUs stand in stop_machine. They disable IRQs one by one. A CPU that has
                not disabled them yet takes an interrupt, whose handler sends a call to the CPU that is leaving. The
                leaving CPU is still online, so the call is accepted; but its IRQs are already off, it clears its
                online bit and is gone. The call never runs, or runs on an offline CPU. Now the leaving CPU flushes
                its queue as its last act inside stop_machine.""")
public final class IpiPendingAtOffline extends MachineScenario implements Race {
    /** The race. */
    public IpiPendingAtOffline() {
        super(3);
    }

    @Override
    public Weave parts() {
        return LastStop.explored();
    }

    @Override
    public Weave bug() {
        return Weave.in("org.smp4j.hotplug.CoreStates", "smpcfdDyingCpu").drop(call(Smp.class, "smpcfdDyingCpu"));
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        Csd csd = new Csd(SmpCallFunc.named("f", info -> { }), null);
        device(1, "disk", 1, () -> machine.smp().smpCallFunctionSingleAsync(2, csd));
        task(0, "cpu_down", () -> machine.hotplug().removeCpu(2));
    }
}
