package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.weave.Weave;

/** A caller that may lose its CPU while it waits looks at call data of a CPU that has left. */
@RaceFacts(slug = "cfd-freed-under-preemptible-wait",
        title = "LKML: series that makes the wait of smp_call_function_many preemptible",
        certainty = Certainty.MEMORY, year = 2026, cpus = 3, breaks = "use after release", proof = "bound1",
        symptom = "a caller reads the lock bit of call data that hotplug has freed",
        shows = {"caller is preempted", "gives csd(f) up"},
        story = """
                This never shipped: a series of patches that let a caller be preempted while it waits for the end of
                its calls names it. The caller has queued its calls with the data of the CPU on which it ran. It
                enables preemption and waits; its CPU goes down, and moves it to another one. The callback for the
                dead CPU frees the data, and the caller, which has not looked since, reads a lock bit in freed memory.
                The series allocates the data of a CPU once and never frees them.""")
public final class CfdFreedUnderPreemptibleWait extends MachineScenario implements Race {
    private static final VarHandle DATA = Fields.field(Smp.class.getName(), "data");
    private static final VarHandle CFD = Fields.field("org.smp4j.call.SmpCpuState", "cfd");
    private static final VarHandle CSDS = Fields.field("org.smp4j.call.Cfd", "csd");

    // The data of CPU 0.
    // Written by: the task that takes CPU 0 down, before it does. Read by: the same thread, or one that it waits for.
    private static Csd[] csds;

    /** The race. */
    public CfdFreedUnderPreemptibleWait() {
        super(3);
    }

    @Override
    public Weave parts() {
        return Weave.in("org.smp4j.call.CallMany", "waitForMany")
                .replace(call(Smp.class, "lockWait")).by(hook(CfdFreedUnderPreemptibleWait.class, "preemptibleWait"));
    }

    @Override
    public Weave bug() {
        return Weave.in(Smp.class, "smpcfdDeadCpu").insert(hook(CfdFreedUnderPreemptibleWait.class, "free")).atExit();
    }

    /** Waits until a csd is unlocked, as {@code csd_lock_wait} does, but the caller may be preempted and moved. */
    public static void preemptibleWait(Smp smp, Cpu self, Csd csd) {
        Preempt.enable();
        for (int turn = 0; csd.isLocked(); turn++) {
            Waiter.current().relax(turn);
        }
        Preempt.disable();
    }

    /** The mistake: frees the csds of a dead CPU. */
    public static void free() {
        for (Csd csd : csds) {
            Oracles.freed(csd);
        }
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        task(1, "cpu_down", () -> {
            csds = (Csd[]) CSDS.get(CFD.get(((Object[]) DATA.get(machine.smp()))[0]));
            task(CpuMask.of(3, 0, 2), "caller", () -> {
                Preempt.disable();
                machine.smp().smpCallFunctionMany(CpuMask.of(3, 1), SmpCallFunc.named("f", info -> { }), null, true);
                Preempt.enable();
            });
            Exploring.stretch(true);
            machine.hotplug().removeCpu(0);
            Exploring.stretch(false);
        });
    }
}
