package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.hold;
import static org.smp4j.tower.Scaffold.relax;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.Machine;
import org.smp4j.lib.Completion;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.scenario.HoldBack;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Timers;
import org.smp4j.selftest.scenario.Substitutes;
import org.smp4j.weave.Weave;

/**
 * Two timers of a CPU are due at the same time. Another CPU moves the first of them to itself, perhaps while they fire.
 */
public final class TwoTimers extends MachineScenario {
    /** Between the look at the first timer and its removal others have a turn. */
    static final Weave SLOW = Weave.in(Timers.class, "interrupt").insert(HoldBack.here())
            .before(call(PriorityQueue.class, "poll"));

    /** The interrupt takes timers beside the lock. */
    static final Weave UNLOCKED = Weave.in(Timers.class, "interrupt").replace(call(RawSpinLock.class, "lock"))
            .by(hook(Substitutes.class, "noLock"));

    private final AtomicInteger firsts = new AtomicInteger();
    private final AtomicInteger seconds = new AtomicInteger();
    private final Completion second = new Completion();
    private final Completion moved = new Completion();
    private volatile Timers.Timer first;

    /** Made for each run. */
    public TwoTimers() {
        super(2);
    }

    @Override
    protected void run(Machine machine) {
        Timers timers = machine.scheduler().timers();
        task(1, "starter", () -> {
            long deadline = System.nanoTime() + 1;
            Timers.Timer timer = timers.start(deadline, this::firstFires);
            timers.start(deadline, this::secondFires);
            first = timer;
            second.waitForCompletion();
        });
        task(0, "mover", () -> {
            while (first == null) {
                relax();
            }
            timers.cancel(first);
            timers.start(System.nanoTime() + 1, moved::complete);
            moved.waitForCompletion();
        });
    }

    private void firstFires() {
        firsts.incrementAndGet();
        hold(seconds.get() == 0, "timers", "the second timer fires before the first");
    }

    private void secondFires() {
        seconds.incrementAndGet();
        second.complete();
    }

    @Override
    protected void check(Machine machine) {
        hold(firsts.get() <= 1 && seconds.get() == 1, "timers", "the first timer fires " + firsts
                + " times, the second " + seconds + " times");
    }
}
