package org.smp4j.explore.engine;

import java.util.ArrayDeque;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Wait;

/** The steps that may block a strand: park, locks and their signals, join, sleep. The running strand calls each. */
public final class Blocking {
    static final int PERMIT = Sites.field("permit");
    static final int ENDED = Sites.field("end");
    static final int LOCK = Sites.field("lock");
    private static final int STARTS = Sites.field("starts");
    private static final int INTERRUPT = Sites.field("interrupt");
    private static final int SIGNALS = Sites.field("signals");

    private final Execution x;

    Blocking(Execution x) {
        this.x = x;
    }

    /** The location of a thread's park permit and interrupt flag. */
    LiveLocation permitOf(LiveStrand strand) {
        if (strand.permitLocation == null) {
            strand.permitLocation = permitOf(strand.thread);
        }
        return strand.permitLocation;
    }

    private LiveLocation permitOf(Thread thread) {
        return x.locations.find(thread, PERMIT);
    }

    /** The location of a thread's start and end. */
    LiveLocation endOf(LiveStrand strand) {
        if (strand.endLocation == null) {
            strand.endLocation = endOf(strand.thread);
        }
        return strand.endLocation;
    }

    private LiveLocation endOf(Thread thread) {
        return x.locations.find(thread, ENDED);
    }

    /** The strand's next step starts a thread: it depends on steps about that thread, and on other starts. */
    void starts(LiveStrand strand, Thread thread) {
        if (x.everyStep) {
            strand.reaches(endOf(thread), true);
            strand.reaches(permitOf(thread), true);
            strand.reaches(x.locations.find(null, STARTS), true);
        }
    }

    /** A strand that joined the thread before its start now waits for its end. */
    void started(LiveStrand strand) {
        for (int i = 0; i < x.count; i++) {
            LiveStrand other = x.strands[i];
            LiveLocation end = other.location;
            if (end != null && end.field == ENDED && end.object == strand.thread && end.isAcquirer(other)
                    && !other.interrupted) {
                x.disable(other, Wait.JOIN, other.joinsUntil);
            }
        }
    }

    /** The strand's next step is a wait that an interrupt can end, or that sees an interrupt. */
    private void canBeInterrupted(LiveStrand strand) {
        if (x.everyStep) {
            strand.reaches(permitOf(strand), true);
        }
    }

    /** Parks the strand until it gets a permit or an interrupt, or the time is over. */
    public void park(LiveStrand strand, int site, long nanos) {
        x.announce(strand, site, permitOf(strand), Access.READ | Access.WRITE | Sites.modeOf(site) & Access.HARDWARE);
        if (!strand.permit && !strand.interrupted) {
            if (nanos <= 0) {
                strand.mode &= ~Access.WRITE;
            } else {
                x.disable(strand, Wait.PARK, deadline(nanos));
            }
        }
        x.decide(strand);
        x.perform(strand);
        strand.permit = false;
    }

    private long deadline(long nanos) {
        return nanos > Long.MAX_VALUE - 1 - x.time.now() ? Long.MAX_VALUE : x.time.now() + nanos;
    }

    /** Does nothing for a thread that was not started. */
    public void unpark(LiveStrand strand, int site, Thread thread) {
        x.announce(strand, site, permitOf(thread), Access.WRITE | Sites.modeOf(site) & Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
        LiveStrand target = x.find(thread);
        if (target != null) {
            target.permit = true;
            if (target.wait == Wait.PARK) {
                x.wake(target);
            }
        }
    }

    /** Lets the strand sleep until the time is over or an interrupt comes. */
    public void sleep(LiveStrand strand, int site, long nanos) {
        x.announce(strand, site, null, Sites.modeOf(site) & Access.HARDWARE);
        canBeInterrupted(strand);
        if (nanos > 0 && !strand.interrupted) {
            x.disable(strand, Wait.SLEEP, deadline(nanos));
        }
        x.decide(strand);
        x.perform(strand);
    }

    /** Waits until no other strand can step unless time passes. */
    public void awaitQuiescence(LiveStrand strand, int site) {
        x.announce(strand, site, null, Access.HARDWARE);
        x.disable(strand, Wait.QUIESCENCE, Long.MAX_VALUE);
        x.decide(strand);
        x.plainSteps.joinAll(strand);
        x.perform(strand);
    }

    /** {@return whether the thread does not run; a strand that need not wait sees its interrupt later} */
    public boolean join(LiveStrand strand, int site, Thread thread, long nanos) {
        LiveLocation end = endOf(thread);
        x.announce(strand, site, end, Access.READ | Access.ACQUIRE | Sites.modeOf(site) & Access.HARDWARE);
        canBeInterrupted(strand);
        LiveStrand target = x.find(thread);
        long until = nanos == Long.MAX_VALUE ? nanos : deadline(nanos);
        if (target == null) {
            end.addAcquirer(strand); // the thread may start before this step is made
            strand.joinsUntil = until;
        } else if (!target.finished && !strand.interrupted) {
            x.disable(strand, Wait.JOIN, until);
        }
        x.decide(strand);
        end.removeAcquirer(strand);
        x.perform(strand);
        target = x.find(thread);
        return target == null || hasEnded(target, strand);
    }

    private static boolean hasEnded(LiveStrand target, LiveStrand as) {
        if (target.finished) {
            target.endSeenBy.add(as);
        }
        return target.finished;
    }

    /** {@return whether a thread has started and not ended} */
    public boolean isAlive(LiveStrand strand, int site, Thread thread) {
        x.announce(strand, site, endOf(thread), Access.READ | Access.ACQUIRE | Sites.modeOf(site) & Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
        LiveStrand target = x.find(thread);
        return target != null && !hasEnded(target, strand);
    }

    /** {@return the strand that runs a thread, null before its start; any other strand may change its state} */
    public LiveStrand stateOf(LiveStrand strand, int site, Thread thread) {
        x.announce(strand, site, endOf(thread), Access.READ | Access.ACQUIRE | Sites.modeOf(site) & Access.HARDWARE);
        strand.everything = true;
        x.assumptions.add(Assumptions.Rule.STATE);
        x.decide(strand);
        x.perform(strand);
        return x.find(thread);
    }

    /** Takes a lock, after a wait if another strand holds it. */
    public void lock(LiveStrand strand, int site, Object lock) {
        LiveLocation location = x.locations.find(lock, LOCK);
        if (location.owner == strand) {
            location.holdAgain();
            return;
        }
        x.announce(strand, site, location, Access.EXCHANGE | Sites.modeOf(site) & Access.HARDWARE);
        wantLock(strand, location);
        x.decide(strand);
        takeLock(strand, location, 1);
    }

    void wantLock(LiveStrand strand, LiveLocation location) {
        location.addAcquirer(strand);
        if (location.owner != null) {
            x.disable(strand, Wait.LOCK, Long.MAX_VALUE);
        } else {
            x.enable(strand);
        }
    }

    private void takeLock(LiveStrand strand, LiveLocation location, int holds) {
        x.perform(strand);
        location.removeAcquirer(strand);
        location.owner = strand;
        location.holds = holds;
        othersWait(location);
    }

    private void othersWait(LiveLocation lock) {
        for (int id = lock.nextAcquirer(0); id >= 0; id = lock.nextAcquirer(id + 1)) {
            x.disable(x.strands[id], Wait.LOCK, Long.MAX_VALUE);
        }
    }

    /** {@return whether the strand could take a lock without a wait} */
    public boolean tryLock(LiveStrand strand, int site, Object lock) {
        LiveLocation location = x.locations.find(lock, LOCK);
        if (location.owner == strand) {
            location.holds++;
            return true;
        }
        x.announce(strand, site, location, Access.EXCHANGE | Access.CONDITIONAL | Sites.modeOf(site) & Access.HARDWARE);
        x.decide(strand);
        boolean free = location.owner == null;
        x.perform(strand);
        if (free) {
            strand.mode &= ~Access.CONDITIONAL;
            location.owner = strand;
            location.holds = 1;
            othersWait(location);
        }
        x.plainSteps.exchanged(strand, free);
        return free;
    }

    /** {@return whether the strand holds a lock} */
    public boolean holds(LiveStrand strand, Object lock) {
        return x.locations.find(lock, LOCK).owner == strand;
    }

    /** Releases a lock once. */
    public void unlock(LiveStrand strand, int site, Object lock) {
        LiveLocation location = owned(strand, lock);
        if (--location.holds > 0) {
            return;
        }
        location.holds = 1;
        x.announce(strand, site, location, Access.WRITE | Access.RELEASE | Sites.modeOf(site) & Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
        release(location);
    }

    /** A step that sees the writes made under a lock, without taking the lock. */
    void see(LiveStrand strand, int site, Object lock) {
        x.announce(strand, site, x.locations.find(lock, LOCK),
                Access.READ | Access.ACQUIRE | Sites.modeOf(site) & Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
    }

    /** Releases a lock within the step that took it. */
    void letGo(Object lock) {
        release(x.locations.find(lock, LOCK));
    }

    /** {@return whether another strand has the lock} */
    boolean isTaken(LiveStrand strand, Object lock) {
        LiveStrand owner = x.locations.find(lock, LOCK).owner;
        return owner != null && owner != strand;
    }

    private LiveLocation owned(LiveStrand strand, Object lock) {
        LiveLocation location = x.locations.find(lock, LOCK);
        if (location.owner != strand) {
            throw new IllegalMonitorStateException();
        }
        return location;
    }

    private void release(LiveLocation location) {
        location.owner = null;
        location.holds = 0;
        for (int id = location.nextAcquirer(0); id >= 0; id = location.nextAcquirer(id + 1)) {
            x.wake(x.strands[id]);
        }
    }

    /**
     * Releases the lock, waits for a signal or the timeout, and takes the lock again.
     *
     * @return whether it was signalled; a later interrupt stays pending, as the signal was for this strand alone
     */
    public boolean await(LiveStrand strand, int site, Object lock, long nanos) {
        LiveLocation location = owned(strand, lock);
        x.announce(strand, site, location, Access.WRITE | Access.RELEASE | Sites.modeOf(site) & Access.HARDWARE);
        canBeInterrupted(strand);
        x.decide(strand);
        x.perform(strand);
        if (strand.interrupted) {
            return false;
        }
        strand.signalled = false;
        int holds = location.holds;
        if (location.waiters == null) {
            location.waiters = new ArrayDeque<>();
        }
        location.waiters.add(strand);
        release(location);
        x.announce(strand, site, location, Access.EXCHANGE | Sites.modeOf(site) & Access.HARDWARE);
        canBeInterrupted(strand);
        x.disable(strand, Wait.SIGNAL, nanos == Long.MAX_VALUE ? nanos : deadline(nanos));
        x.decide(strand);
        takeLock(strand, location, holds);
        return strand.signalled;
    }

    /** Signals the longest waiter on a lock, or all waiters. */
    public void signal(LiveStrand strand, int site, Object lock, boolean all) {
        LiveLocation location = owned(strand, lock);
        x.announce(strand, site, location, Access.WRITE | Sites.modeOf(site) & Access.HARDWARE);
        if (x.everyStep) {
            strand.reaches(x.locations.find(null, SIGNALS), false);
        }
        x.decide(strand);
        x.perform(strand);
        while (location.waiters != null && !location.waiters.isEmpty()) {
            LiveStrand waiter = location.waiters.poll();
            waiter.deadline = Long.MAX_VALUE;
            waiter.signalled = true;
            wantLock(waiter, location);
            if (!all && !location.waiters.isEmpty()) {
                x.assumptions.add(Assumptions.Rule.NOTIFY);
                return;
            }
        }
    }

    /** Interrupts a thread; one that has not started is interrupted when it starts. */
    public void interrupt(LiveStrand strand, int site, Thread thread) {
        x.announce(strand, site, permitOf(thread), Access.WRITE | Sites.modeOf(site) & Access.HARDWARE);
        if (x.everyStep) {
            strand.reaches(x.locations.find(null, SIGNALS), true); // as another strand may get the signal
        }
        x.decide(strand);
        x.perform(strand);
        if (x.plainSteps.orders()) {
            x.plainSteps.publish(strand, interruptOf(thread));
        }
        LiveStrand target = x.find(thread);
        if (target == null) {
            x.environment.interruptBeforeStart(thread);
            return;
        }
        target.interrupted = true;
        switch (target.wait) {
            case PARK, SLEEP, JOIN -> x.wake(target);
            case SIGNAL -> {
                target.location.waiters.remove(target);
                wantLock(target, target.location);
            }
            default -> { }
        }
    }

    /** {@return whether a thread is interrupted; a step} */
    public boolean isInterrupted(LiveStrand strand, int site, Thread thread) {
        x.announce(strand, site, permitOf(thread), Access.READ | Sites.modeOf(site) & Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
        LiveStrand target = x.find(thread);
        boolean is = target == null ? x.environment.isInterruptedBeforeStart(thread) : target.interrupted;
        if (is) {
            seesInterrupt(strand, thread);
        }
        return is;
    }

    /** As {@link #isInterrupted} of the strand itself, and clears the flag. */
    public boolean interrupted(LiveStrand strand, int site) {
        x.announce(strand, site, permitOf(strand), Access.READ | Access.WRITE | Sites.modeOf(site) & Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
        boolean was = strand.interrupted;
        if (was) {
            seesInterrupt(strand, strand.thread);
        }
        strand.interrupted = false;
        return was;
    }

    /** The steps before an interrupt happen before the steps of a strand that has seen it. */
    public void seesInterrupt(LiveStrand strand, Thread thread) {
        if (x.plainSteps.orders()) {
            x.plainSteps.sees(strand, interruptOf(thread));
        }
    }

    private LiveLocation interruptOf(Thread thread) {
        return x.locations.find(thread, INTERRUPT);
    }
}
