package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Hook.hook;

import org.smp4j.call.CallMany;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.PendingWord;
import org.smp4j.lib.CpuMask;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** Handlers empty the mask with which their own interrupts are sent. */
@RaceFacts(slug = "empty-ipi-mask", title = "smp: Fix SMP function call empty cpu mask race", hash = "f44310b98ddb",
        certainty = Certainty.MEMORY, year = 2013, cpus = 3, breaks = "empty interrupt mask",
        symptom = "warning, or an interrupt controller that stalls on an empty mask",
        proof = "bound1",
        shows = {"has queued f to CPU 1", "has queued f to CPU 2", "runs f", "runs f"},
        story = """
                A broadcast queued its call to every CPU of a mask, and sent the interrupts with that same mask, from
                which each handler cleared its own bit. A CPU that takes another interrupt in between already finds
                the call and runs it. When all of them have done so, the mask is empty, and not every interrupt
                controller can handle an empty mask. Now the interrupts are sent with a private copy of the mask.""")
public final class EmptyIpiMask extends CallScenario implements Race {
    private static CpuMask sent;

    /** The race. */
    public EmptyIpiMask() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(CallMany.class, "noteIpi").insert(hook(EmptyIpiMask.class, "share")).atEntry()
                .andIn(EmptyIpiMask.class, "handle").insert(hook(EmptyIpiMask.class, "clearOwnBit")).atEntry();
    }

    @Override
    protected void play() {
        cpus().cpu(1).sendInterrupt(PendingWord.CALL); // of calls that were served from idle
        cpus().cpu(2).sendInterrupt(PendingWord.CALL);
        CpuMask both = CpuMask.of(nrCpus, 1, 2);
        on(0, () -> smp().onEachCpuMask(both, SmpCallFunc.named("f", info -> handle()), null, false));
    }

    private void handle() {
        // the function
    }

    /**
     * Lets the handlers see the mask with which interrupts are sent.
     *
     * @param mask the mask
     */
    public static void share(CpuMask mask) {
        sent = mask;
    }

    /** The old behaviour: the handler removes its CPU from the mask. */
    public static void clearOwnBit() {
        if (sent != null) {
            sent.clearCpu(Cpu.current().id);
        }
    }
}
