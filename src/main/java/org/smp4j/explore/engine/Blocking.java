package org.smp4j.explore.engine;

import java.util.ArrayDeque;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Wait;

/** The steps at which a strand may have to wait: park, locks and their signals, join, sleep. Each is called by the running strand. */
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

    /** A thread's permit to go on, and whether it is interrupted. */
    LiveLocation permitOf(LiveStrand strand) {
        if (strand.permitLocation == null) {
            strand.permitLocation = permitOf(strand.thread);
        }
        return strand.permitLocation;
    }

    private LiveLocation permitOf(Thread thread) {
        return x.locations.find(thread, PERMIT);
    }

    /** Whether a thread has begun, and whether it has ended. */
    LiveLocation endOf(LiveStrand strand) {
        if (strand.endLocation == null) {
            strand.endLocation = endOf(strand.thread);
        }
        return strand.endLocation;
    }

    private LiveLocation endOf(Thread thread) {
        return x.locations.find(thread, ENDED);
    }

    /** The strand's next step starts a thread: a step that asks about that one or acts on it depends on that, and the number that it gets on other starts. */
    void starts(LiveStrand strand, Thread thread) {
        if (x.everyStep) {
            strand.reaches(endOf(thread), true);
            strand.reaches(permitOf(thread), true);
            strand.reaches(x.locations.find(null, STARTS), true);
        }
    }

    /** A strand that waits for the end of a thread that had not begun goes on waiting. */
    void started(LiveStrand strand) {
        for (int i = 0; i < x.count; i++) {
            LiveStrand other = x.strands[i];
            LiveLocation end = other.location;
            if (end != null && end.field == ENDED && end.object == strand.thread && (end.acquirers & other.bit) != 0 && !other.interrupted) {
                x.disable(other, Wait.JOIN, other.joinsUntil);
            }
        }
    }

    /** An interrupt can end the wait that is the strand's next step, or be seen by it. */
    private void canBeInterrupted(LiveStrand strand) {
        if (x.everyStep) {
            strand.reaches(permitOf(strand), true);
        }
    }

    public void park(LiveStrand strand, int site, long nanos) {
        x.announce(strand, site, permitOf(strand), Access.READ | Access.WRITE | Sites.modeOf(site) & Access.HARDWARE);
        if (!strand.permit && !strand.interrupted) {
            if (nanos <= 0) {
                strand.mode &= ~Access.WRITE;
            } else {
                x.disable(strand, Wait.PARK, deadline(nanos));
                x.unseen.add(Assumptions.Rule.WAIT);
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
        if (target == null) {
            return;
        }
        target.permit = true;
        if (target.wait == Wait.PARK) {
            x.wake(target);
        }
    }

    public void sleep(LiveStrand strand, int site, long nanos) {
        x.announce(strand, site, null, Sites.modeOf(site) & Access.HARDWARE);
        canBeInterrupted(strand);
        if (nanos > 0 && !strand.interrupted) {
            x.disable(strand, Wait.SLEEP, deadline(nanos));
        }
        x.decide(strand);
        x.perform(strand);
    }

    /** Waits until no other strand can do anything without time passing. */
    public void awaitQuiescence(LiveStrand strand, int site) {
        x.announce(strand, site, null, Access.HARDWARE);
        x.disable(strand, Wait.QUIESCENCE, Long.MAX_VALUE);
        x.decide(strand);
        if (x.looking != null) {
            x.looking.joinAll(strand);
        }
        x.perform(strand);
    }

    /** {@return whether the thread does not run: a strand that is interrupted meanwhile, but need not wait, finds that out later} */
    public boolean join(LiveStrand strand, int site, Thread thread, long nanos) {
        LiveLocation end = endOf(thread);
        x.announce(strand, site, end, Access.READ | Access.ACQUIRE | Sites.modeOf(site) & Access.HARDWARE);
        canBeInterrupted(strand);
        LiveStrand target = x.find(thread);
        long until = nanos == Long.MAX_VALUE ? nanos : deadline(nanos);
        if (target == null) {
            end.acquirers |= strand.bit; // it may be started before this is done
            strand.joinsUntil = until;
        } else if (!target.finished && !strand.interrupted) {
            x.disable(strand, Wait.JOIN, until);
        }
        x.decide(strand);
        end.acquirers &= ~strand.bit;
        x.perform(strand);
        target = x.find(thread);
        return target == null || hasEnded(target, strand);
    }

    private static boolean hasEnded(LiveStrand target, LiveStrand as) {
        if (target.finished) {
            target.endSeenBy |= as.bit;
        }
        return target.finished;
    }

    public boolean isAlive(LiveStrand strand, int site, Thread thread) {
        x.announce(strand, site, endOf(thread), Access.READ | Access.ACQUIRE | Sites.modeOf(site) & Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
        LiveStrand target = x.find(thread);
        return target != null && !hasEnded(target, strand);
    }

    /** {@return the strand that runs a thread, null before its start; why it waits can be the doing of any other} */
    public LiveStrand stateOf(LiveStrand strand, int site, Thread thread) {
        x.announce(strand, site, endOf(thread), Access.READ | Access.ACQUIRE | Sites.modeOf(site) & Access.HARDWARE);
        strand.everything = true;
        x.unseen.add(Assumptions.Rule.STATE);
        x.decide(strand);
        x.perform(strand);
        return x.find(thread);
    }

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
        location.acquirers |= strand.bit;
        if (location.owner != null) {
            x.disable(strand, Wait.LOCK, Long.MAX_VALUE);
        } else {
            x.enable(strand);
        }
    }

    private void takeLock(LiveStrand strand, LiveLocation location, int holds) {
        x.perform(strand);
        location.acquirers &= ~strand.bit;
        location.owner = strand;
        location.holds = holds;
        for (long others = location.acquirers; others != 0; others &= others - 1) {
            x.disable(x.strands[Long.numberOfTrailingZeros(others)], Wait.LOCK, Long.MAX_VALUE);
        }
    }

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
            for (long others = location.acquirers; others != 0; others &= others - 1) {
                x.disable(x.strands[Long.numberOfTrailingZeros(others)], Wait.LOCK, Long.MAX_VALUE);
            }
        }
        x.plain.exchanged(strand, free);
        return free;
    }

    public boolean holds(LiveStrand strand, Object lock) {
        return x.locations.find(lock, LOCK).owner == strand;
    }

    public void unlock(LiveStrand strand, int site, Object lock) {
        LiveLocation location = x.locations.find(lock, LOCK);
        if (location.owner != strand) {
            throw new IllegalMonitorStateException();
        }
        if (--location.holds > 0) {
            return;
        }
        location.holds = 1;
        x.announce(strand, site, location, Access.WRITE | Access.RELEASE | Sites.modeOf(site) & Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
        release(location);
    }

    /** A step that sees what was done under a lock which is not taken any more. */
    void see(LiveStrand strand, int site, Object lock) {
        x.announce(strand, site, x.locations.find(lock, LOCK), Access.READ | Access.ACQUIRE | Sites.modeOf(site) & Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
    }

    /** Gives a lock up within the step that took it. */
    void letGo(Object lock) {
        release(x.locations.find(lock, LOCK));
    }

    /** {@return whether another strand has the lock} */
    boolean isTaken(LiveStrand strand, Object lock) {
        LiveStrand owner = x.locations.find(lock, LOCK).owner;
        return owner != null && owner != strand;
    }

    private void release(LiveLocation location) {
        location.owner = null;
        location.holds = 0;
        for (long waiting = location.acquirers; waiting != 0; waiting &= waiting - 1) {
            x.wake(x.strands[Long.numberOfTrailingZeros(waiting)]);
        }
    }

    /**
     * Gives the lock up until it is signalled or the time is over, then takes it again.
     *
     * @return whether it was signalled: an interrupt after that is left for later, because the signal was for this strand alone
     */
    public boolean await(LiveStrand strand, int site, Object lock, long nanos) {
        LiveLocation location = x.locations.find(lock, LOCK);
        if (location.owner != strand) {
            throw new IllegalMonitorStateException();
        }
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
        x.unseen.add(Assumptions.Rule.WAIT);
        release(location);
        x.announce(strand, site, location, Access.EXCHANGE | Sites.modeOf(site) & Access.HARDWARE);
        canBeInterrupted(strand);
        x.disable(strand, Wait.SIGNAL, nanos == Long.MAX_VALUE ? nanos : deadline(nanos));
        x.decide(strand);
        takeLock(strand, location, holds);
        return strand.signalled;
    }

    public void signal(LiveStrand strand, int site, Object lock, boolean all) {
        LiveLocation location = x.locations.find(lock, LOCK);
        if (location.owner != strand) {
            throw new IllegalMonitorStateException();
        }
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
            if (!all) {
                if (!location.waiters.isEmpty()) {
                    x.unseen.add(Assumptions.Rule.NOTIFY);
                }
                return;
            }
        }
    }

    /** A thread that was not started is interrupted when it starts. */
    public void interrupt(LiveStrand strand, int site, Thread thread) {
        x.announce(strand, site, permitOf(thread), Access.WRITE | Sites.modeOf(site) & Access.HARDWARE);
        if (x.everyStep) {
            strand.reaches(x.locations.find(null, SIGNALS), true); // which may be meant for another then
        }
        x.decide(strand);
        x.perform(strand);
        if (x.looking != null) {
            x.looking.publish(strand, interruptOf(thread));
        }
        LiveStrand target = x.find(thread);
        if (target == null) {
            x.surroundings.interruptBeforeStart(thread);
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

    public boolean isInterrupted(LiveStrand strand, int site, Thread thread) {
        x.announce(strand, site, permitOf(thread), Access.READ | Sites.modeOf(site) & Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
        LiveStrand target = x.find(thread);
        boolean is = target == null ? x.surroundings.isInterruptedBeforeStart(thread) : target.interrupted;
        if (is) {
            seesInterrupt(strand, thread);
        }
        return is;
    }

    /** As {@link #isInterrupted} of the strand itself, and it is no more. */
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

    /** What was done before an interrupt comes before what is done where it is seen. */
    public void seesInterrupt(LiveStrand strand, Thread thread) {
        if (x.looking != null) {
            x.looking.sees(strand, interruptOf(thread));
        }
    }

    private LiveLocation interruptOf(Thread thread) {
        return x.locations.find(thread, INTERRUPT);
    }
}
