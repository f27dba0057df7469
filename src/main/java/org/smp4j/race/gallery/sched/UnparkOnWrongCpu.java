package org.smp4j.race.gallery.sched;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.List;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.sched.TaskState;
import org.smp4j.weave.Weave;

/** A parked thread of one CPU goes on before it is bound to that CPU again. */
@RaceFacts(slug = "unpark-on-wrong-cpu",
        title = "kthread: Prevent unpark race which puts threads on the wrong cpu", hash = "f2530dc71cf0",
        certainty = Certainty.VERIFIED, year = 2013, cpus = 3, breaks = "thread on the wrong CPU",
        symptom = "a thread of one CPU runs on another", proof = "bound2",
        shows = {"shouldPark = false", "shouldPark -> false"},
        story = """
                While a CPU is down, its threads are parked, and may be bound to no CPU in particular. Unparking
                cleared the request to park, then bound the thread to its CPU, then woke it. A parked thread slept in
                an ordinary state, so that a stray wake-up could reach it between the first two steps: it found no
                request, left its loop, and went on wherever it was. Now a parked thread sleeps in a state of its own,
                which only unparking wakes, and it is bound before that. (Here no CPU goes down: the parked thread is
                bound to another one.)""")
public final class UnparkOnWrongCpu extends TaskScenario implements Race {
    private static final String WAKE_UP = "org.smp4j.sched.WakeUp";
    private static final int HOME = 1;
    private static final int ELSEWHERE = 2;

    // Written by: the unparking task, when the thread is parked. Read by: the stray waker. Ordering: volatile.
    private volatile boolean parked;
    private Kthread thread;

    /** The race. */
    public UnparkOnWrongCpu() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(Kthread.class, "kthreadParkme").drop(call(Kthread.class, "setSpecialState"))
                .replace(call(Scheduler.class, "schedule")).by(hook(UnparkOnWrongCpu.class, "sleep"))
                .andIn(Kthread.class, "kthreadUnpark").replace(call(Kthread.class, "state"))
                .by(hook(UnparkOnWrongCpu.class, "isParked"))
                .drop(call(WAKE_UP, "tryToWakeUp")).insert(hook(UnparkOnWrongCpu.class, "wake"))
                .after(call(WAKE_UP, "tryToWakeUp"));
    }

    @Override
    protected void play() {
        task(0, "unpark", () -> {
            Exploring.stretch(false);
            thread = Kthread.createOnCpu(scheduler(), "thread/1", HOME, this::loop);
            thread.startOnce();
            thread.kthreadPark();
            scheduler().setCpusAllowedPtr(thread, CpuMask.of(nrCpus, ELSEWHERE)); // as if its CPU were down
            Exploring.stretch(true);
            parked = true;
            thread.kthreadUnpark();
        });
        task(ELSEWHERE, "stray", () -> {
            while (!parked) {
                Waiter.current().relax(0);
            }
            thread.wake();
        });
    }

    private void loop() {
        while (!thread.kthreadShouldPark()) {
            Waiter.current().relax(0);
        }
        thread.kthreadParkme();
        if (Cpu.current().id != HOME) {
            Exploring.broken("thread on the wrong CPU", "the thread of CPU " + HOME + " goes on, and runs on "
                    + Cpu.current(), List.of());
        }
    }

    /**
     * The old behaviour: an ordinary sleep.
     *
     * @param scheduler the scheduler
     */
    public static void sleep(Scheduler scheduler) {
        Task.current().block();
    }

    /**
     * The old behaviour: that a thread is parked was no state of the task.
     *
     * @param thread the thread
     * @return that it is parked
     */
    public static TaskState isParked(Kthread thread) {
        return TaskState.PARKED;
    }

    /**
     * The old behaviour: an ordinary wake-up.
     *
     * @param thread the thread
     */
    public static void wake(Kthread thread) {
        thread.wake();
    }
}
