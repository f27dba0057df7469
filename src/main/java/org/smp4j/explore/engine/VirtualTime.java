package org.smp4j.explore.engine;

import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.detect.Failures;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.model.Timeouts;
import org.smp4j.explore.run.Clock;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Wait;

/**
 * The clock of a run: by default it stands still while a strand can step. A departure lets a timeout fire earlier, with
 * all that are due sooner, or lets time pass before a read of the clock. Unless the {@link Leeway} says otherwise, a
 * timeout of a second or more stands for "never": it fires only if no strand can step. A machine's timeouts may also
 * fire if all strands that can step were preempted: these are held back for long.
 */
public final class VirtualTime implements Clock {
    private static final long LONG_NANOS = 1_000_000_000L;
    private static final long WHILE_NANOS = 100_000_000L;
    private static final long LONG_WHILE_NANOS = 2 * 86_400_000_000_000L;
    // A strand counts as stuck after this many rounds of its spin, and a wait of this length, without progress by
    // another strand.
    private static final int SPIN_ROUNDS = 1000;
    private static final int RELEASES = 3;
    private static final long HOPELESS_NANOS = 20_000_000_000L;

    private static final long EPOCH_MILLIS = 1_000_000_000_000L;

    /** Which timeouts fire early, and whether strands wake up without a cause; set between runs. */
    public Leeway leeway = Leeway.DEFAULT;
    private final Execution x;
    // Those among the timed ones that wake up without a cause instead.
    private final StrandSet spurious = new StrandSet();
    private final StrandSet both = new StrandSet(); // computed of the sets of the execution
    private long now;
    private long leapt; // how much of it has passed while a strand could step
    private int hopelessRounds;
    private int releases;
    private long lastProgress;
    // How often in this run a timeout could have fired before its time, and time could have passed.
    private int chances;
    private int looks;
    // Whether any run so far had these.
    private boolean timeouts;
    private boolean longTimeouts;
    private boolean machineTimeouts;

    VirtualTime(Execution x) {
        this.x = x;
    }

    void begin() {
        x.timed.clear();
        spurious.clear();
        x.outlasting.clear();
        now = 0;
        leapt = 0;
        hopelessRounds = 0;
        releases = 0;
        lastProgress = 0;
        chances = 0;
        looks = 0;
    }

    long now() {
        return now;
    }

    @Override
    public int chances() {
        return chances;
    }

    @Override
    public int looks() {
        return looks;
    }

    // ---- before its time

    /** Notes that a strand begins to wait, perhaps with a timeout. */
    void waits(LiveStrand strand, long deadline) {
        x.timed.remove(strand);
        spurious.remove(strand);
        x.outlasting.remove(strand);
        if (deadline != Long.MAX_VALUE) {
            expects(strand, deadline);
        }
        if (strand.wait == Wait.PARK || strand.wait == Wait.SIGNAL) {
            mayWakeUp(strand);
        }
    }

    private void mayWakeUp(LiveStrand strand) {
        if (!leeway.spurious() || x.everyStep) {
            x.assumptions.add(Assumptions.Rule.WAIT);
        }
        if (leeway.spurious() && !x.timed.has(strand)) {
            x.timed.add(strand);
            spurious.add(strand);
        }
    }

    private void expects(LiveStrand strand, long deadline) {
        timeouts = true;
        if (leeway.timeouts() == Timeouts.NEVER) {
            return;
        }
        // what is left of a long timeout after a leap of time is no short one
        if (leeway.timeouts() == Timeouts.SHORT && deadline - now + leapt >= LONG_NANOS) {
            longTimeouts = true;
        } else if (x.interrupts.exist()) {
            machineTimeouts = true;
            x.outlasting.add(strand);
        } else {
            x.timed.add(strand);
        }
    }

    /** {@return a part of a claim: the timeouts that could not fire at any time in the runs so far} */
    public String claim(boolean noneEarly) {
        if ((noneEarly || leeway.timeouts() == Timeouts.NEVER) && timeouts) {
            return "; timeouts fire, and time passes, only where no thread can go on";
        }
        return (longTimeouts ? "; timeouts of a second or more fire only where no thread can go on" : "")
                + (machineTimeouts ? "; those of a machine also where each thread that could go on was preempted" : "");
    }

    /**
     * Lets the strategy decide whether a timeout fires now, or a strand wakes up without a cause.
     *
     * @param strand the strand that made the last step
     * @param fallback the strand that steps by default
     * @return the strand that steps next: the one whose timeout has fired, or the default if it still waits for a lock;
     * -1 if nothing of that has happened
     */
    int early(LiveStrand strand, int fallback) {
        StrandSet waiting = waiting();
        if (x.fair || !x.stretch || waiting.isEmpty()) {
            return -1;
        }
        chances++;
        x.decisions++;
        x.hold.happened();
        int number = x.strategy.expire(x.view, strand, waiting);
        if (number < 0) {
            return -1;
        }
        if (!waiting.has(number)) {
            throw new ExplorerException("two runs of the same schedule differ: at step " + x.steps() + " strand "
                    + number + " had a timeout before and has none now");
        }
        LiveStrand sleeper = x.strands[number];
        if (spurious.has(sleeper)) {
            departs(strand, DepartureKind.TIMEOUT, number, sleeper.name() + " wakes up without a cause");
            wakeUp(sleeper);
        } else {
            departs(strand, DepartureKind.TIMEOUT, number, "the timeout of " + sleeper.name() + " fires");
            leapTo(sleeper.deadline);
        }
        if (number == fallback || !x.runnable.has(sleeper)) {
            return fallback;
        }
        if (fallback == strand.id) {
            x.preempted.add(strand);
        }
        return number;
    }

    private StrandSet waiting() {
        if (x.outlasting.isEmpty() || !x.runnable.isWithin(x.preempted)) {
            return x.timed;
        }
        both.set(x.timed);
        both.addAll(x.outlasting);
        return both;
    }

    /** {@return the strand that times out first, of those in a set} */
    @Override
    public int earliest(StrandSet waiting) {
        int earliest = waiting.next(0);
        for (int id = earliest; id >= 0; id = waiting.next(id + 1)) {
            if (x.strands[id].deadline < x.strands[earliest].deadline) {
                earliest = id;
            }
        }
        return earliest;
    }

    /** {@return the time that the running strand reads, in nanoseconds} */
    public long look(LiveStrand strand) {
        x.livelocks.mayBeAnother();
        if (x.count > 1 && leeway.timeouts() != Timeouts.NEVER && !x.interrupts.exist() && strand.quiet == 0
                && !x.fair && x.stretch
                && strand.lookedAt != strand.point) {
            strand.lookedAt = strand.point;
            looks++;
            timeouts = true;
            x.decisions++;
            x.hold.happened();
            if (x.strategy.passes(x.view, strand)) {
                boolean isLong = leeway.timeouts() == Timeouts.ANY;
                departs(strand, DepartureKind.TIME_PASSES, 0, (isLong ? "two days" : "100 ms") + " have passed");
                leapTo(now + (isLong ? LONG_WHILE_NANOS : WHILE_NANOS));
            }
        }
        return now;
    }

    /** {@return the time that the running strand reads, in milliseconds} */
    public long lookInMillis(LiveStrand strand) {
        return EPOCH_MILLIS + look(strand) / 1_000_000;
    }

    private void departs(LiveStrand strand, DepartureKind kind, int value, String text) {
        x.departures().add(strand.id, strand.point, kind, value);
        x.hash = (x.hash * 31 + strand.point) * 31 + kind.code(value);
        if (x.observer != null) {
            x.observer.departed(x.view, strand, text);
        }
    }

    private void leapTo(long time) {
        leapt += time - now;
        passTo(time);
    }

    /** All strands with the earliest deadline time out, although others could step. */
    void passToNextDeadline() {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < x.count; i++) {
            if (!x.strands[i].finished) {
                next = Math.min(next, x.strands[i].deadline);
            }
        }
        passTo(next);
    }

    /** {@return whether a strand waits for a time} */
    boolean awaited() {
        for (int i = 0; i < x.count; i++) {
            if (x.strands[i].deadline != Long.MAX_VALUE && !x.strands[i].finished) {
                return true;
            }
        }
        return false;
    }

    /** {@return when the strands that sleep now, which only time ends, have all woken up} */
    long allAwake() {
        long last = now;
        for (int i = 0; i < x.count; i++) {
            if (x.strands[i].wait == Wait.SLEEP && !x.strands[i].finished) {
                last = Math.max(last, x.strands[i].deadline);
            }
        }
        return last;
    }

    /** {@return whether a time is still to come} */
    boolean isBefore(long time) {
        return now < time;
    }

    // ---- where no strand can step

    /** Notes that one strand has made progress for another. */
    void progress() {
        hopelessRounds = 0;
        releases = 0;
        lastProgress = now;
    }

    /** {@return whether a strand can step; if there is none, time passes until there is one, unless that can't help} */
    boolean findsOne() {
        return !x.runnable.isEmpty() || findsOneLater();
    }

    private boolean findsOneLater() {
        if (hopelessRounds == 0 && releases == 0 && x.interrupts.installed()
                && x.interrupts.comeWhileAllWait(x.turns.current())) {
            return true;
        }
        LiveStrand earliest = null;
        LiveStrand patient = null;
        for (int i = 0; i < x.count; i++) {
            LiveStrand strand = x.strands[i];
            if (strand.wait == Wait.QUIESCENCE) {
                patient = patient == null ? strand : patient;
            } else if (strand.deadline != Long.MAX_VALUE && !strand.finished
                    && (earliest == null || strand.deadline < earliest.deadline)) {
                earliest = strand;
            }
        }
        if (patient != null && !x.spinning.isEmpty() && releases < RELEASES) {
            releases++; // a spin hint need not be in a loop: code after it may make progress
            release();
            return !x.runnable.isEmpty();
        }
        if (patient != null) {
            releases = 0;
            if (x.observer != null) {
                x.observer.timePassed(x.view);
            }
            x.enable(patient);
            return true;
        }
        if (earliest == null && x.spinning.isEmpty()) {
            x.fail(Failures.deadlock(x.view));
            return false;
        }
        hopelessRounds++;
        if (hopelessRounds > SPIN_ROUNDS && now - lastProgress > HOPELESS_NANOS) {
            x.fail(Failures.deadlock(x.view));
            return false;
        }
        passTime(earliest);
        return !x.runnable.isEmpty();
    }

    /**
     * Passes to the first deadline; by longer and longer times if that has not helped for long, and for spinning
     * strands that read the clock.
     */
    private void passTime(LiveStrand earliest) {
        boolean leaps = hopelessRounds > SPIN_ROUNDS / 2;
        int rounds = leaps && earliest != null ? hopelessRounds - SPIN_ROUNDS / 2 : hopelessRounds; // leaps begin small
        long step = x.spinning.isEmpty() && !leaps ? 0 : 1000L << Math.min(rounds, 36);
        long target = earliest == null ? now + step : leaps ? Math.max(now + step, earliest.deadline)
                : x.spinning.isEmpty() ? earliest.deadline : Math.min(now + step, earliest.deadline);
        passTo(target);
        release();
    }

    /** Passes to a time: all deadlines up to it time out. */
    private void passTo(long target) {
        now = Math.max(now, target);
        if (x.observer != null) {
            x.observer.timePassed(x.view);
        }
        for (int i = 0; i < x.count; i++) {
            LiveStrand strand = x.strands[i];
            if (strand.deadline <= now && !strand.finished) {
                timeOut(strand);
            }
        }
    }

    /** Lets time pass although strands could step. */
    void pass(long nanos) {
        passTo(now + nanos);
    }

    /** Lets all spinning strands check again. */
    void release() {
        for (int id = x.spinning.next(0); id >= 0; id = x.spinning.next(id + 1)) {
            LiveStrand strand = x.strands[id];
            strand.stopSpinning();
            x.enable(strand);
        }
        x.spinning.clear();
    }

    private void timeOut(LiveStrand strand) {
        strand.timedOut = true;
        if (strand.wait == Wait.SIGNAL) {
            wakeUp(strand);
            strand.timedOut = true;
            return;
        }
        if (strand.wait == Wait.SPIN) {
            x.spinning.remove(strand);
            strand.stopSpinning();
        }
        x.enable(strand);
    }

    /** A strand that is parked goes on; one that waits for a signal no longer does, and needs its lock. */
    private void wakeUp(LiveStrand strand) {
        if (strand.wait == Wait.SIGNAL) {
            strand.location.waiters.remove(strand);
            x.blocking.wantLock(strand, strand.location);
        } else {
            x.enable(strand);
        }
    }
}
