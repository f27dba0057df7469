package org.smp4j.race.gallery.hotplug;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.Machine;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.weave.Weave;

/** A CPU that comes up waits, online and with IRQs off, for a task that may not get its CPU. */
@RaceFacts(slug = "online-spins-for-active", title = "sched: Cleanup cpu_active madness", hash = "5fbd036b552f",
        certainty = Certainty.VERIFIED, year = 2012, cpus = 2, breaks = {"livelock", "deadlock"}, proof = "bound1",
        symptom = "a CPU that comes up and a caller of all CPUs wait for each other",
        shows = {"changes online.words 0 -> 0-1", "is online, and waits with IRQs off", "CPU 0 caller",
                "has queued f to CPU 1", "spinForActive: sees active.words 0",
                "CPU 1.pending.bits CALL"},
        story = """
                A CPU that came up set its online bit, and then waited with IRQs off until the control CPU had marked
                it active. The task that does so can be preempted before it does. Another task on that CPU calls a
                function on all online CPUs and waits, with preemption off. The new CPU can't take the interrupt, and
                the task that would let it go on can't get its CPU. Now a CPU does not wait for a task of another one
                while it is visible to callers with its IRQs off.""")
public final class OnlineSpinsForActive extends MachineScenario implements Race {
    private static final String BRING_UP = "org.smp4j.hotplug.BringUp";

    /** The race. */
    public OnlineSpinsForActive() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(BRING_UP, "startSecondary").insert(hook(OnlineSpinsForActive.class, "spinForActive"))
                .after(call(Cpus.class, "setCpuOnline"))
                .andIn(BRING_UP, "bringupAp").insert(hook(OnlineSpinsForActive.class, "markActive"))
                .before(call("org.smp4j.hotplug.CpuhpCpuState", "await"));
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        task(0, "cpu_up", () -> {
            machine.hotplug().removeCpu(1);
            task(0, "caller", () -> machine.smp().onEachCpu(SmpCallFunc.named("f", info -> { }), null, true));
            Exploring.stretch(true);
            machine.hotplug().addCpu(1);
            Exploring.stretch(false);
        });
    }

    /**
     * The old behaviour: the CPU waits here, IRQs off.
     *
     * @param bringUp the bring-up
     * @param here the CPU
     */
    public static void spinForActive(Object bringUp, Cpu here) {
        Exploring.note(here + " is online, and waits with IRQs off until it is active");
        while (!here.cpus.active.testCpu(here.id)) {
            Waiter.current().relax(0);
        }
    }

    /**
     * The old behaviour: the control CPU lets it go on.
     *
     * @param bringUp the bring-up
     * @param cpu the CPU
     */
    public static void markActive(Object bringUp, int cpu) {
        Cpus cpus = Cpu.current().cpus;
        while (!cpus.online.testCpu(cpu)) {
            Waiter.current().relax(0);
        }
        cpus.setCpuActive(cpu, true);
    }
}
