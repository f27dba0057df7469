package org.smp4j.race.gallery.lib;

import static org.smp4j.weave.Call.call;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** Two consumers take nodes off a lock-less list without a lock. */
@RaceFacts(slug = "llist-two-consumers", title = "net/rds: Get rid of \"wait_clean_list_grace\" and add locking",
        hash = "c9467447fc50", certainty = Certainty.MEMORY, year = 2019, cpus = 2,
        breaks = "handed out twice", proof = "bound3",
        symptom = "two CPUs own the same buffer",
        shows = {"getAcquire LlistHead", "compareAndExchange LlistHead", "compareAndExchange LlistHead"},
        story = """
                A pool of buffers was a lock-less list, from which each CPU took the first node. A consumer reads the
                first node and its successor, and installs the successor if the first node is still the same. Between
                the two, another consumer takes the first node and the successor, and puts the first node back. The
                list looks unchanged, but its second node is in use; the first consumer makes it the head, and the
                next one gets it too. Adding and taking everything need no lock; taking the first does, against other
                consumers.""")
public final class LlistTwoConsumers extends CallScenario implements Race {
    private static final class Buffer extends LlistNode {
        final AtomicBoolean taken = new AtomicBoolean();
    }

    private final LlistHead pool = new LlistHead();
    private final RawSpinLock lock = new RawSpinLock();

    /** The race. */
    public LlistTwoConsumers() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(LlistTwoConsumers.class, "take").drop(call(RawSpinLock.class, "acquire"))
                .drop(call(RawSpinLock.class, "release"));
    }

    @Override
    protected void play() {
        pool.addPrivate(new Buffer());
        pool.addPrivate(new Buffer());
        on(0, () -> {
            take();
            take();
        });
        on(1, () -> {
            Buffer first = take();
            take();
            if (first != null) {
                first.taken.set(false);
                pool.add(first);
            }
        });
    }

    private Buffer take() {
        lock.acquire(Waiter.current());
        Buffer buffer = (Buffer) pool.delFirst();
        lock.release();
        if (buffer != null && buffer.taken.getAndSet(true)) {
            Exploring.broken("handed out twice", Cpu.current() + " takes a buffer that is in use", List.of());
        }
        return buffer;
    }
}
