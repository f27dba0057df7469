package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;

import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.SoftirqIdle;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** A call that an idle CPU runs without an interrupt leaves a softirq behind. */
@RaceFacts(slug = "flush-from-idle-drops-softirq",
        title = "smp: Process pending softirqs in flush_smp_call_function_from_idle()", hash = "66040b2d5d41",
        certainty = Certainty.VERIFIED, year = 2021, cpus = 2, breaks = SoftirqIdle.PENDING,
        symptom = "deferred work stalls until the next interrupt comes by", proof = "bound3",
        shows = {"has queued f to CPU 1", "PendingWord.setNeedReschedIfPolling", "CPU 1 runs f"},
        story = """
                A CPU that polls in its idle loop is told of a call by a flag, without an interrupt. It leaves the
                poll and runs what is queued. If the function raises a softirq, nothing runs it: softirqs run on the
                way out of an interrupt, and there was none. With no task to schedule, the CPU goes idle again, and
                the softirq stays pending until some other interrupt comes. If the call comes while the CPU does not
                poll, there is an interrupt, and all goes well. Now the idle loop runs pending softirqs after such
                calls.""")
public final class FlushFromIdleDropsSoftirq extends CallScenario implements Race {
    /** The race. */
    public FlushFromIdleDropsSoftirq() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(SoftirqIdle.class, "flush").drop(call(SoftirqIdle.class, "doSoftirq"));
    }

    @Override
    protected void play() {
        SoftirqIdle idle = new SoftirqIdle(smp());
        on(0, () -> smp().smpCallFunctionSingleAsync(1, new Csd(SmpCallFunc.named("f", info -> idle.raise()), null)));
        on(1, idle::idleOnce);
    }
}
