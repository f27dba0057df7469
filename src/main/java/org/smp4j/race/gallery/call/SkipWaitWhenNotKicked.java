package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.call.CallMany;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.lib.CpuMask;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** A sender that need not send an interrupt concludes that it need not wait. */
@RaceFacts(slug = "skip-wait-when-not-kicked", title = "smp: Wait only if work was enqueued", hash = "946a72819825",
        certainty = Certainty.VERIFIED, year = 2025, cpus = 3, breaks = "returned early",
        symptom = "a waiting call returns before its function ran; use after free",
        proof = "bound1",
        shows = {"has queued g to CPU 2", "has queued f to CPU 2"},
        story = """
                A broadcast counted the interrupts it had to send, and waited only if there were any. But a sender
                that queues its call behind another one, whose interrupt is still on its way, sends no interrupt and
                has to wait all the same. The broadcast returned at once, and its function ran later, on memory that
                the caller had freed. Now it records separately whether a call was queued and whether an interrupt is
                needed.""")
public final class SkipWaitWhenNotKicked extends CallScenario implements Race {
    private static boolean kicked;

    /** The race. */
    public SkipWaitWhenNotKicked() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(CallMany.class, "queueMany").insert(hook(SkipWaitWhenNotKicked.class, "begin")).atEntry()
                .andIn(CallMany.class, "kick").insert(hook(SkipWaitWhenNotKicked.class, "kick"))
                .before(call(Smp.class, "sendCallFunctionSingleIpi"))
                .insert(hook(SkipWaitWhenNotKicked.class, "kick"))
                .before(call(CallMany.class, "sendCallFunctionIpiMask"))
                .andIn(CallMany.class, "waitForMany").replace(call(CpuMask.class, "first"))
                .by(hook(SkipWaitWhenNotKicked.class, "firstToWaitFor"));
    }

    @Override
    protected void play() {
        CpuMask target = CpuMask.of(nrCpus, 2);
        on(0, () -> smp().onEachCpuMask(target, SmpCallFunc.named("f", info -> { }), null, true));
        on(1, () -> smp().smpCallFunctionSingle(2, SmpCallFunc.named("g", info -> { }), null, false));
    }

    /** No CPU is kicked yet. */
    public static void begin() {
        kicked = false;
    }

    /** A CPU is kicked. */
    public static void kick() {
        kicked = true;
    }

    /**
     * The old behaviour: waits for no CPU if none was kicked.
     *
     * @param queued the CPUs to which the call went
     * @return the first to wait for
     */
    public static int firstToWaitFor(CpuMask queued) {
        return kicked ? queued.first() : CpuMask.NR_CPUS;
    }
}
