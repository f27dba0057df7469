package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.cpu.Preempt;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Scheduler;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** A stopper is woken under the stoppers' locks, one of which it needs before it can be woken. */
@RaceFacts(slug = "stopper-wakeup-under-stopper-locks",
        title = "stop_machine, sched: Fix migrate_swap() vs. active_balance() deadlock", hash = "0b26351b910f",
        certainty = Certainty.TITLE_ONLY, year = 2018, cpus = 2, breaks = "deadlock", proof = "bound2",
        symptom = "hard lockup of two CPUs",
        shows = {"CPU 1 (two) spins", "offCpu", "queues for stopper 0", "stopper 1.lock.locked fails"},
        story = """
                A wake-up waits while the woken thread is still on its CPU, on its way out of the scheduler. A stop of
                two CPUs woke the stoppers while it held the locks of both. A stopper that goes to sleep looks for
                tasks to pull first, and may queue a work on the other stopper, for which it needs that stopper's
                lock. The waker then waits for the stopper to leave its CPU, and the stopper waits for the waker's
                lock. Now the wake-ups come after the locks are released. (The stoppers here have no threads, and
                their wake-ups wait for nothing. So a task plays the stopper on its way out, and in both variants a
                wake-up waits until it is off its CPU; the buggy one does so under the locks.)""")
public final class StopperWakeupUnderStopperLocks extends TaskScenario implements Race {
    private static StopperWakeupUnderStopperLocks current; // of this run

    private final CpuStopWork balance = new CpuStopWork();

    // Written by: the stopper of CPU 0, which a task plays. Read by: a waker. Ordering: volatile.
    private volatile boolean offCpu;

    /** The race. */
    public StopperWakeupUnderStopperLocks() {
        super(2);
    }

    @Override
    public Weave parts() {
        return Weave.in(StopMachine.class, "queueTwoWorks")
                .insert(hook(StopperWakeupUnderStopperLocks.class, "tryToWakeUp"))
                .before(call(Scheduler.class, "wakeStopper").number(1, 2));
    }

    @Override
    public Weave bug() {
        return Weave.in(StopMachine.class, "queueTwoWorks")
                .insert(hook(StopperWakeupUnderStopperLocks.class, "tryToWakeUp"))
                .before(call(RawSpinLock.class, "release"));
    }

    @Override
    protected void play() {
        current = this;
        task(0, "stopper", () -> {
            Preempt.disable();
            stopMachine().stopOneCpuNowait(1, CpuStopFn.named("active_load_balance", arg -> 0), null, balance);
            offCpu = true;
            Preempt.enable();
        });
        task(1, "two", () -> stopMachine().stopTwoCpus(0, 1, CpuStopFn.named("migrate_swap_stop", arg -> 0), null));
    }

    /** What a wake-up of the stopper of CPU 0 does first: it waits while that stopper is on its CPU. */
    public static void tryToWakeUp() {
        Waiter self = Waiter.current();
        for (int turn = 0; !current.offCpu; turn++) {
            self.relax(turn);
        }
    }
}
