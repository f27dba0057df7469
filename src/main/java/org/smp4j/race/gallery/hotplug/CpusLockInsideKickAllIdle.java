package org.smp4j.race.gallery.hotplug;

import static org.smp4j.weave.Hook.hook;

import org.smp4j.call.Smp;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Mutex;
import org.smp4j.weave.Weave;

/** A function that many callers use with locks held takes the hotplug lock. */
@RaceFacts(slug = "cpus-lock-inside-kick-all-idle", title = "sched: Improve wake_up_all_idle_cpus() take #2",
        hash = "96611c26dc35", certainty = Certainty.VERIFIED, year = 2021, cpus = 2, breaks = "deadlock",
        symptom = "a task with a mutex waits for hotplug, and hotplug waits for the mutex", proof = "bound2",
        shows = {"(caller) is parked", "(hotplug) is parked", "PercpuRwsem.downWrite"},
        story = """
                The function that wakes all idle CPUs took the hotplug lock while it went over the CPUs. A caller may
                hold a mutex that a hotplug callback takes too. If a CPU goes down at that moment, the caller waits
                for the hotplug lock and the callback waits for the mutex. Now the function disables preemption for
                each CPU, and tests whether that CPU is online: with preemption off no CPU goes offline.""")
public final class CpusLockInsideKickAllIdle extends TaskScenario implements Race {
    private static CpusLockInsideKickAllIdle current; // of this run

    private final Mutex mutex = new Mutex();

    /** The race. */
    public CpusLockInsideKickAllIdle() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(Smp.class, "wakeUpAllIdleCpus")
                .insert(hook(CpusLockInsideKickAllIdle.class, "lock")).atEntry()
                .insert(hook(CpusLockInsideKickAllIdle.class, "unlock")).atExit();
    }

    @Override
    protected void play() {
        current = this;
        task(0, "caller", () -> {
            mutex.lock();
            smp().wakeUpAllIdleCpus();
            mutex.unlock();
        });
        task(1, "hotplug", () -> {
            hotplugLock().cpusWriteLock();
            callback();
            hotplugLock().cpusWriteUnlock();
        });
    }

    private void callback() {
        mutex.lock();
        mutex.unlock();
    }

    /** The old behaviour: the set of CPUs stays the same. */
    public static void lock() {
        current.hotplugLock().cpusReadLock();
    }

    /** And afterwards may change. */
    public static void unlock() {
        current.hotplugLock().cpusReadUnlock();
    }
}
