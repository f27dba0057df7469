package org.smp4j.race.gallery.lib;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** A compare-and-exchange that is atomic on its own CPU only meets a store of another CPU. */
@RaceFacts(slug = "remote-op-on-this-cpu-cmpxchg", title = "cgroup: rstat: use LOCK CMPXCHG in css_rstat_updated",
        hash = "3309b63a2281", certainty = Certainty.VERIFIED, year = 2025, cpus = 2, breaks = "lost update",
        symptom = "a node is marked as listed and is on no list: its statistics are never flushed again",
        proof = "bound3",
        shows = {"statistics interrupts CPU 0", "the node is listed", "getAndSet LlistHead", "lazySet"},
        story = """
                Each CPU puts its node on a list when it has statistics to flush; the node's state says whether it is
                there. A task and an interrupt of the same CPU may both want to add it, so the state is changed by a
                compare-and-exchange, in the form without a bus lock, which is atomic against interrupts of its own
                CPU. But the flusher, on another CPU, takes the node off and resets the state by a plain store. A
                task finds the node off the list, and an interrupt puts it there before the task's exchange. That
                compares, the flusher's store comes in between, and the exchange, which failed, writes back what it
                had read: the node counts as listed for good. Now the exchange is locked.""")
public final class LocalCmpxchgOnRemoteState extends CallScenario implements Race {
    private static final int OFF = 0;
    private static final int LISTED = 1;

    private final LlistHead updated = new LlistHead();
    private final LlistNode node = new LlistNode();
    private final AtomicInteger state = new AtomicInteger();

    /** The race. */
    public LocalCmpxchgOnRemoteState() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(LocalCmpxchgOnRemoteState.class, "update")
                .replace(call(LocalCmpxchgOnRemoteState.class, "claim"))
                .by(hook(LocalCmpxchgOnRemoteState.class, "claimLocally"));
    }

    @Override
    protected void play() {
        device(0, "statistics", 1, this::update);
        on(0, this::update);
        on(1, this::flush);
    }

    @Override
    protected void check() {
        if (state.get() == LISTED && updated.isEmpty()) {
            Exploring.broken("lost update", "the node counts as listed and is on no list", List.of());
        }
    }

    private void update() {
        if (state.get() == OFF && claim()) {
            updated.add(node);
            Exploring.note("the node is listed");
        }
    }

    private boolean claim() {
        return state.compareAndSet(OFF, LISTED);
    }

    private void flush() {
        if (updated.delAll() != null) {
            state.lazySet(OFF);
        }
    }

    /**
     * The old behaviour: a compare-and-exchange without a bus lock, which writes even if it fails.
     *
     * @param race the race
     * @return whether the node was off the list
     */
    public static boolean claimLocally(LocalCmpxchgOnRemoteState race) {
        VarHandle.fullFence(); // a step, before which an interrupt can come: the exchange itself is one to its own CPU
        boolean flags = LocalIrq.save();
        int seen = race.state.get();
        race.state.set(seen == OFF ? LISTED : seen);
        LocalIrq.restore(flags);
        return seen == OFF;
    }
}
