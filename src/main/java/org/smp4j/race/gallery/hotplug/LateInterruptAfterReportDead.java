package org.smp4j.race.gallery.hotplug;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.List;
import org.smp4j.Machine;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.weave.Weave;

/** A CPU takes an interrupt after it has reported that it is dead. */
@RaceFacts(slug = "late-interrupt-after-report-dead",
        title = "idle: Prevent late-arriving interrupts from disrupting offline", hash = "e78a7614f387",
        certainty = Certainty.VERIFIED, year = 2019, cpus = 2, breaks = "code on a dead CPU", proof = "bound1",
        symptom = "a handler runs on a CPU for which nothing waits any more",
        shows = {"tick interrupts CPU 1"},
        story = """
                The idle loop of a CPU that was taken offline saw so with its IRQs on, and reported the CPU dead, to
                the control CPU and to the grace periods. A late interrupt could still come after that. Its handler
                ran on a CPU for which no grace period waits any more, while the control CPU frees what belonged to it.
                Now the IRQs are off before the report, and are never on again.""")
public final class LateInterruptAfterReportDead extends MachineScenario implements Race {
    private static final int MOST_TICKS = 40; // few of them come late
    private static final String TAKE_DOWN = "org.smp4j.hotplug.TakeDown";

    // Written by: CPU 1, when it has reported. Read by: the handler on CPU 1. Ordering: volatile.
    private static volatile boolean reported;

    /** The race. */
    public LateInterruptAfterReportDead() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(TAKE_DOWN, "idleDead").drop(call(Cpu.class, "irqSave"));
    }

    @Override
    public Weave parts() {
        return Weave.in(TAKE_DOWN, "idleDead").insert(hook(LateInterruptAfterReportDead.class, "reports"))
                .after(call(Smp.class, "smpCallFunctionSingle"))
                .andIn(TAKE_DOWN, "takedownCpu").insert(hook(LateInterruptAfterReportDead.class, "begins")).atEntry();
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        device(1, "tick", MOST_TICKS, () -> {
            if (reported) {
                Exploring.broken("code on a dead CPU", "CPU 1 handles an interrupt after it has reported itself dead",
                        List.of());
            }
        });
        task(0, "cpu_down", () -> machine.hotplug().removeCpu(1));
    }

    /** The CPU has told the control CPU. */
    public static void reports() {
        reported = true;
        Exploring.step(true, () -> "has reported itself dead");
    }

    /** Before this nothing is explored. */
    public static void begins() {
        Exploring.stretch(true);
    }
}
