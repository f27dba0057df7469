package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.List;
import org.smp4j.call.CallFlusher;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.Warnings;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.weave.Weave;

/** The check for calls on an offline CPU looks at the queue after it was emptied. */
@RaceFacts(slug = "offline-check-on-emptied-queue",
        title = "smp: Fix offline cpu check in flush_smp_call_function_queue()", hash = "9e949a388635",
        certainty = Certainty.VERIFIED, year = 2022, model = MemoryModel.SEQ, cpus = 2, breaks = "silent detector",
        symptom = "a call runs on an offline CPU, and the warning for that does not come",
        shows = {"has queued f to CPU 1", "CPU 1 runs f"},
        story = """
                A CPU that flushes its queue while it is offline should warn, and name the calls. The flush first takes
                the whole list off the queue. The check asked whether the queue is empty, which by then it always is,
                unless a call has just come in, which is not the one that runs. So the detector missed exactly the
                case that it is there for. Now it looks at the list that was taken.""")
public final class OfflineCheckOnEmptiedQueue extends CallScenario implements Race {
    // Written by: the sender. Read by: the CPU that leaves. Ordering: volatile.
    private volatile boolean offline;

    /** The race. */
    public OfflineCheckOnEmptiedQueue() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(CallFlusher.class, "flush").replace(call(CallFlusher.class, "warnOffline"))
                .by(hook(OfflineCheckOnEmptiedQueue.class, "warnUnlessEmpty"));
    }

    @Override
    protected void play() {
        Oracles.expectOfflineCalls();
        on(0, () -> {
            smp().smpCallFunctionSingle(1, SmpCallFunc.named("f", info -> { }), null, false);
            offline = true;
        });
        on(1, () -> {
            boolean flags = LocalIrq.save(); // the interrupt is late
            while (!offline) {
                Thread.onSpinWait();
            }
            cpus().setCpuOnline(1, false);
            LocalIrq.restore(flags);
        });
    }

    @Override
    protected boolean expects(Warnings.Warning warning) {
        return warning.site() == CallFlusher.IPI_ON_OFFLINE_CPU;
    }

    @Override
    protected void check() {
        if (cpus().warnings.count(CallFlusher.IPI_ON_OFFLINE_CPU) == 0) {
            Exploring.broken("silent detector", "CPU 1 has run f although it is offline, and did not warn", List.of());
        }
    }

    /**
     * The old behaviour: looks at the queue.
     *
     * @param flusher what flushes
     * @param self the CPU
     * @param chain what was taken off the queue
     */
    public static void warnUnlessEmpty(CallFlusher flusher, Cpu self, LlistNode chain) {
        if (!self.callSingleQueue().isEmpty()) {
            self.cpus.warnings.warn(CallFlusher.IPI_ON_OFFLINE_CPU, self.id);
        }
    }
}
