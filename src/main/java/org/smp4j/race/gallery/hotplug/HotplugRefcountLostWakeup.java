package org.smp4j.race.gallery.hotplug;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Mutex;
import org.smp4j.sched.Task;
import org.smp4j.weave.Weave;

/** The last reader leaves without a wake-up, because the writer holds the lock at that moment. */
@RaceFacts(slug = "hotplug-refcount-lost-wakeup",
        title = "hotplugcpu: Avoid deadlocks by waking active_writer", hash = "87af9e7ff9d9",
        certainty = Certainty.MEMORY, year = 2014, cpus = 2, breaks = {"deadlock", "lost wake-up"}, proof = "bound2",
        symptom = "bringing a CPU up or down hangs", shows = {"(writer) is parked", "holds the lock and finds a reader",
                "finds the lock taken, and only counts", "putsPending = 1"},
        story = """
                Before the hotplug lock was a percpu semaphore it was a count of readers under a mutex. A reader that
                left and could not get the mutex only counted its leaving as pending; the writer took the pending ones
                into account when it next looked. But the writer may hold the mutex because it has just looked, and is
                about to sleep: then no wake-up follows. The fix makes the count atomic, and a reader that leaves wakes
                the writer whether or not the mutex is free.""")
public final class HotplugRefcountLostWakeup extends TaskScenario implements Race {
    private static final int READERS = 1;

    private final Mutex lock = new Mutex();
    // The readers that have left, as far as it is counted.
    // Written by: the reader. Read by: the writer. Ordering: volatile.
    private volatile int left;
    // Written by: a reader that did not get the lock. Read by: the writer, under lock. Ordering: volatile.
    private volatile int putsPending;
    // Written by: the writer. Read by: readers that leave. Ordering: volatile.
    private volatile Task writer;

    /** The race. */
    public HotplugRefcountLostWakeup() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(HotplugRefcountLostWakeup.class, "putOnlineCpus")
                .replace(call(HotplugRefcountLostWakeup.class, "leave"))
                .by(hook(HotplugRefcountLostWakeup.class, "leaveIfLockIsFree"));
    }

    @Override
    protected void play() {
        task(0, "reader", this::putOnlineCpus);
        task(1, "writer", this::cpuHotplugBegin);
    }

    private void cpuHotplugBegin() {
        writer = Task.current();
        for (;;) {
            lock.lock();
            boolean free = left + putsPending == READERS;
            if (!free) {
                Exploring.note("the writer holds the lock and finds a reader");
            }
            lock.unlock();
            if (free) {
                return;
            }
            Task.current().block();
        }
    }

    private void putOnlineCpus() {
        leave();
    }

    private void leave() {
        left = READERS;
        wakeWriter();
    }

    private void wakeWriter() {
        Task waiting = writer;
        if (waiting != null) {
            waiting.wake();
        }
    }

    /**
     * The old behaviour: without the lock, only a count.
     *
     * @param race the race
     */
    public static void leaveIfLockIsFree(HotplugRefcountLostWakeup race) {
        if (race.lock.tryLock()) {
            race.left = READERS;
            race.wakeWriter();
            race.lock.unlock();
        } else {
            Exploring.note("the reader finds the lock taken, and only counts");
            race.putsPending++;
        }
    }
}
