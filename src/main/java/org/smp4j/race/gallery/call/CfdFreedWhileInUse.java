package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import org.smp4j.call.Csd;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.weave.Weave;

/** The data of a CPU that left are freed while another CPU still handles its call. */
@RaceFacts(slug = "cfd-freed-while-in-use",
        title = "generic-ipi: fix the race between generic_smp_call_function_*() and hotplug_cfd()",
        hash = "3d4422332711", certainty = Certainty.MEMORY, year = 2009, cpus = 3, breaks = "use after release",
        symptom = "a handler uses the call data of a CPU that went offline", proof = "bound1",
        shows = {"has queued f to CPU 2", "gives csd(f) up", "uses csd(f)"},
        story = """
                Each CPU has data for its calls to many CPUs, which are freed once it is dead. A call that the sender
                does not wait for can still be under way then: its target has not taken the interrupt, or is in the
                handler, while the sender goes offline and a callback on a third CPU frees the data. The handler then
                reads a csd that is gone. In the fixed variant the CPU waits, before it leaves, until all its targets
                have handled what it has sent.""")
public final class CfdFreedWhileInUse extends CallScenario implements Race {
    private static final VarHandle DATA = Fields.field(Smp.class.getName(), "data");
    private static final VarHandle CFD = Fields.field("org.smp4j.call.SmpCpuState", "cfd");
    private static final VarHandle CSDS = Fields.field("org.smp4j.call.Cfd", "csd");

    // Written by: CPU 0, when it is offline. Read by: CPU 1. Ordering: volatile.
    private final AtomicBoolean dead = new AtomicBoolean();

    /** The race. */
    public CfdFreedWhileInUse() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(CfdFreedWhileInUse.class, "leave").drop(call(Smp.class, "kickAllCpusSync"));
    }

    @Override
    protected void play() {
        on(0, () -> {
            Preempt.disable();
            smp().smpCallFunctionMany(CpuMask.of(nrCpus, 2), SmpCallFunc.named("f", info -> { }), null, false);
            Preempt.enable();
            leave();
        });
        on(1, () -> {
            while (!dead.get()) {
                relax();
            }
            dead(0);
        });
    }

    private void leave() {
        smp().kickAllCpusSync();
        cpus().setCpuOnline(0, false);
        dead.set(true);
    }

    /** The callback for a dead CPU; the kernel here only drops its reference, and that frees the memory. */
    private void dead(int cpu) {
        Csd[] csds = (Csd[]) CSDS.get(CFD.get(((Object[]) DATA.get(smp()))[cpu]));
        smp().smpcfdDeadCpu(cpu);
        for (Csd csd : csds) {
            Oracles.freed(csd);
        }
    }
}
