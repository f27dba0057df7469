package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;

import org.smp4j.call.Csd;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.Gap;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.weave.Weave;

/** Two tasks of one CPU lock that CPU's csd. */
@RaceFacts(slug = "preemptible-csd-owner", title = "LKML: review of patches that make the wait for a csd preemptible",
        certainty = Certainty.MEMORY, year = 2026, cpus = 2, proof = "bound2",
        breaks = {"linked twice", "wrong argument", "warning: csd_unlock", "call ran twice"},
        symptom = "a CPU's csd is queued twice; a call is lost and another runs twice",
        shows = {"interrupts CPU 0", "has queued"},
        story = """
                This never shipped: a review of patches that let a caller be preempted while it waits for a csd named
                it. A CPU's csds have one owner because its users keep preemption off from the wait for the lock until
                the call is queued. With preemption on after the wait, a task can be preempted between the test of the
                lock bit and its setting. Another task of the same CPU finds the csd free too, and both fill and queue
                it. Only the last wait, for the call's end, may be preemptible.""")
public final class PreemptibleCsdOwner extends TaskScenario implements Race {
    /** The race. */
    public PreemptibleCsdOwner() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(Smp.class, "lock").insert(Gap.inPreemption())
                .before(call(Csd.class, "setLocked"));
    }

    @Override
    protected void play() {
        device(0, "tick", 2, () -> Cpu.current().resched());
        for (String name : new String[] {"f", "g"}) {
            task(0, name, () -> smp().smpCallFunctionSingle(1, SmpCallFunc.named(name, info -> { }), null, false));
        }
    }
}
