package org.smp4j.race.gallery.lib;

import static org.smp4j.weave.OrderedAccess.access;

import java.util.concurrent.atomic.AtomicBoolean;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.PercpuRwsem;
import org.smp4j.weave.Weave;

/** An interrupt changes a CPU's count of readers between a task's load and store. */
@RaceFacts(slug = "percpu-rwsem-irq-unsafe-count",
        title = "locking/percpu-rwsem: Use this_cpu_{inc,dec}() for read_count", hash = "e6b1a44eccfc",
        certainty = Certainty.VERIFIED, year = 2020, cpus = 1, breaks = "deadlock",
        symptom = "the count of readers is wrong forever: a writer hangs, or enters too early", proof = "bound2",
        shows = {"disk interrupts CPU 0", "its reader leaves", "no reader is left"},
        story = """
                Each CPU counts the readers of a percpu semaphore in a slot of its own, so no other CPU writes there.
                But the operations that changed the slot were three steps: load, add, store. An interrupt of the same
                CPU that releases the semaphore in between, as the end of a block I/O does, is overwritten. The sum is
                off by one from then on: a writer waits for a reader that does not exist, or does not wait for one that
                does. Now the slot is changed in one instruction.""")
public final class PercpuRwsemIrqUnsafeCount extends TaskScenario implements Race {
    private PercpuRwsem semaphore;
    // Whether an I/O is under way, for which the semaphore is locked.
    // Written by: the task; its interrupt, too. Read by: both. Ordering: volatile; the one that resets it unlocks.
    private final AtomicBoolean busy = new AtomicBoolean();

    /** The race. */
    public PercpuRwsemIrqUnsafeCount() {
        super(1);
    }

    @Override
    public Weave bug() {
        return Weave.in(PercpuRwsem.class, "tryRead").weaken(access("readCount", "getAndIncrement")).toReadAndWrite();
    }

    @Override
    protected void play() {
        semaphore = new PercpuRwsem(scheduler());
        device(0, "disk", 1, this::endIo);
        task(0, "reader", () -> {
            semaphore.downRead();
            busy.set(true);
            semaphore.downRead();
            semaphore.upRead();
            endIo(); // by a poll, if the interrupt has not come
            Exploring.note("no reader is left, the writer begins");
            semaphore.downWrite();
            semaphore.upWrite();
        });
    }

    private void endIo() {
        if (busy.getAndSet(false)) {
            Exploring.note("an I/O ends, its reader leaves");
            semaphore.upRead();
        }
    }
}
