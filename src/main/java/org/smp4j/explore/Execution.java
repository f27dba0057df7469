package org.smp4j.explore;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * One run of the scenario under the explorer's control, and after it the next: which strands there are, which of them can step, what time it is, and who
 * steps next. The strands' side of it is {@link Hooks}.
 *
 * <p>Each strand stands before its next step; {@link #decide} lets the strategy choose one, and that one makes its step and runs on to its next. So between
 * two decisions exactly one access to something shared is made, and the interleaving is the sequence of the decisions.
 */
final class Execution {
    /** How a run ended. */
    enum Outcome {
        /** Every strand but daemons has ended. */
        COMPLETE,
        /** Something is wrong: {@link #failure} says what. */
        FAILED,
        /** It took more steps than allowed. No statement is made of it. */
        CUT,
        /** The search knows what comes from here. */
        PRUNED
    }

    static final int BEGIN = Sites.add("", "", null, 0, "start", "strand", 0);
    static final int END = Sites.add("", "", null, 0, "end", "strand", Access.WRITE | Access.RELEASE);
    private static final int PERMIT = Sites.field("permit");
    private static final int ENDED = Sites.field("end");
    private static final int LOCK = Sites.field("lock");

    private static final int MAX_STRANDS = 64;
    // Hopeless is who was let spin this often, and waited this long, without anybody else having done something for it.
    private static final int SPIN_ROUNDS = 1000;
    private static final long HOPELESS_NANOS = 20_000_000_000L;
    private static final long EPOCH_MILLIS = 1_000_000_000_000L;

    /** Who runs now; null when nobody explores. One exploration at a time in a JVM. */
    static Strand running;

    // Written by: the thread that explores, between runs. Read by: a strand's thread that it waits for. Ordering: volatile.
    private volatile boolean unwinding;

    final Locations locations = new Locations();
    final Coroutine.Kind kind;
    private final Strand[] strands = new Strand[MAX_STRANDS];
    private final Coroutine[] spare = new Coroutine[MAX_STRANDS];
    private int spares;

    // What may be asked of it; set between runs.
    HappensBefore happensBefore;
    Observer observer;
    int stepLimit = 100_000;
    int[] reductions = {};

    private Strategy strategy;
    private int count;
    private int alive;
    private long runnable;
    private Strand next;
    private Strand current;
    private long now;
    private int hopelessRounds;
    private long lastProgress;
    private long spinning;
    private long preempted;
    private boolean fair;
    private boolean stretch;
    private boolean everyStep;
    // Whether the strategy wants to know of each step, and whether nobody else does.
    private boolean informed;
    private boolean unwatched;
    private Ids hashes;
    private Map<Object, Object> roots;
    private int[] reducible = {};
    private int reducibleCount;
    private Interrupts interrupts;
    private Outcome outcome;
    private Failure failure;

    // Written by the explorer's thread, read by its watchdog: a hint.
    volatile long heartbeat;
    private int steps;
    private int switches;
    private int decisions;
    private long hash;
    private final Departures departures = new Departures();

    Execution(Coroutine.Kind kind) {
        this.kind = kind;
    }

    // ---- a run, as the explorer sees it

    /** Runs the scenario once. */
    Outcome run(Thread mainThread, Runnable main, Strategy by, long schedule, long seed) {
        strategy = by;
        count = 0;
        alive = 0;
        runnable = 0;
        now = 0;
        hopelessRounds = 0;
        lastProgress = 0;
        spinning = 0;
        preempted = 0;
        fair = false;
        stretch = true;
        everyStep = by.everyStep();
        hashes = null;
        roots = null;
        reducibleCount = 0;
        interrupts = null;
        outcome = null;
        failure = null;
        steps = 0;
        switches = 0;
        decisions = 0;
        hash = 0;
        departures.clear();
        locations.clear();
        heartbeat++;
        strategy = by.begin(this, schedule, seed);
        informed = strategy.wantsSteps();
        unwatched = observer == null && happensBefore == null && !everyStep;
        next = add(mainThread, main, false);
        current = next;
        try {
            while (next != null) {
                Strand strand = next;
                next = null;
                current = strand;
                running = strand;
                strand.coroutine.resume();
            }
        } finally {
            running = null;
            recycle();
        }
        if (outcome == Outcome.COMPLETE && fair) {
            outcome = Outcome.CUT;
        }
        return outcome;
    }

    private void recycle() {
        for (int i = 0; i < count; i++) {
            Strand strand = strands[i];
            if (!strand.coroutine.finished) {
                // On a thread its frames unwind now, and its finally clauses must not meddle with the next run.
                running = strand;
                unwinding = true;
                strand.coroutine.abandon();
                unwinding = false;
                running = null;
            } else if (strand.coroutine.reusable() && spares < spare.length) {
                spare[spares++] = strand.coroutine;
            }
            strand.coroutine = null;
        }
    }

    private Strand add(Thread thread, Runnable body, boolean daemon) {
        if (count == MAX_STRANDS) {
            throw new ExplorerException("the scenario starts more than " + MAX_STRANDS + " threads");
        }
        Strand strand = strands[count];
        if (strand == null) {
            strand = new Strand(this, count);
            strands[count] = strand;
        }
        count++;
        strand.reset(thread, body, daemon);
        Coroutine coroutine = spares > 0 ? spare[--spares] : Coroutine.create(kind);
        strand.coroutine = coroutine;
        Strand self = strand;
        coroutine.body = () -> runBody(self);
        if (!daemon) {
            alive++;
        }
        runnable |= strand.bit;
        if (happensBefore != null) {
            happensBefore.started(running, strand);
        }
        if (observer != null) {
            observer.started(this, running, strand);
        }
        strategy.made(this, strand);
        return strand;
    }

    private void runBody(Strand strand) {
        if (informed) {
            strategy.performed(this, strand);
        }
        try {
            strand.body.run();
        } catch (ThreadCoroutine.Abandoned e) {
            throw e;
        } catch (Throwable e) {
            if (outcome == null && !unwinding) {
                fail(Failure.thrown(this, strand, e));
            }
            return;
        }
        if (outcome == null && !unwinding) {
            finish(strand);
        }
    }

    private void finish(Strand strand) {
        strand.quiet = 0;
        Location end = endOf(strand);
        announce(strand, END, end, Access.WRITE | Access.RELEASE);
        decide(strand);
        perform(strand);
        strand.finished = true;
        runnable &= ~strand.bit;
        for (int i = 0; i < count; i++) {
            Strand other = strands[i];
            if (other.wait == Strand.Wait.JOIN && other.location == end) {
                wake(other);
            }
        }
        if (!strand.daemon && --alive == 0) {
            outcome = Outcome.COMPLETE;
            return;
        }
        strand.point++;
        long menu = menu();
        if (menu != 0) {
            next = choose(strand, menu);
        }
    }

    // ---- decisions

    private void announce(Strand strand, int site, Location location, int mode) {
        if (unwinding) {
            throw new ThreadCoroutine.Abandoned();
        }
        strand.site = site;
        strand.location = location;
        strand.mode = mode;
        strand.held = false;
        strand.point++;
        if (informed) {
            strategy.announced(this, strand);
        }
    }

    /** The running strand has come to a step, which it may make when this returns. */
    private void decide(Strand strand) {
        if (++steps >= stepLimit) {
            limit();
        }
        long menu = runnable;
        if (menu != strand.bit || everyStep) {
            menu = menu == 0 ? menu() : menu;
            if (menu == 0) {
                leave(strand);
            }
            Strand pick = choose(strand, menu);
            if (pick != strand) {
                next = pick;
                strand.coroutine.suspend();
            }
        }
        strand.wait = Strand.Wait.NOTHING;
        if (informed) {
            strategy.performed(this, strand);
        }
        if (interrupts != null && (strand.mode & Access.HARDWARE) == 0 && strand.quiet == 0) {
            offerInterrupts(strand);
        }
    }

    private Strand choose(Strand strand, long menu) {
        int fallback = byDefault(strand, menu);
        int pick = fallback;
        if ((menu & menu - 1) != 0 || everyStep) {
            decisions++;
            if (!stretch) {
                pick = fallback;
            } else if (!fair) {
                pick = strategy.pick(this, strand, menu);
                if (pick < 0) {
                    outcome = Outcome.PRUNED;
                    leave(strand);
                }
            } else {
                pick = nextOf(strand, menu);
            }
            if (pick != fallback) {
                if (fallback == strand.id) {
                    preempted |= strand.bit;
                }
                departures.add(strand.id, strand.point, pick);
                if (observer != null) {
                    observer.departed(this, strand, strands[pick]);
                }
            }
        }
        if ((preempted & 1L << pick) != 0) {
            preempted &= ~(1L << pick);
            strands[pick].held = true;
        }
        if (pick != strand.id) {
            switches++;
            hash = (hash ^ strand.point) * 0x9E3779B97F4A7C15L + pick;
            hash ^= hash >>> 29;
        }
        return strands[pick];
    }

    /**
     * The rule from which schedules depart: go on; else the next in the order of their start, but one that was made to stop in the middle last. So one departure
     * holds a strand back for as long as any other can do something, but for the interrupts that it takes meanwhile.
     */
    int byDefault(Strand strand, long menu) {
        if ((menu & strand.bit & ~preempted) != 0) {
            return strand.id;
        }
        return nextOf(strand, willing(menu));
    }

    /** {@return those who were not made to stop in the middle, or all if there is no other} */
    long willing(long menu) {
        long willing = menu & ~preempted;
        return willing != 0 ? willing : menu;
    }

    private static int nextOf(Strand strand, long menu) {
        long after = menu & ~(strand.bit | strand.bit - 1);
        return Long.numberOfTrailingZeros(after != 0 ? after : menu);
    }

    private void offerInterrupts(Strand strand) {
        for (;;) {
            strand.quiet++;
            int pending = interrupts.pending();
            strand.quiet--;
            if (pending == 0) {
                strand.deferUntil = 0;
                return;
            }
            if (strand.deferUntil > strand.point) {
                strategy.deferring(this, strand);
                return;
            }
            if (strand.deferUntil == 0) {
                decisions++;
                int steps = fair || !stretch ? 0 : strategy.defer(this, strand);
                if (steps > 0) {
                    strand.deferUntil = strand.point + steps;
                    departures.add(strand.id, strand.point, Departures.DEFER - steps);
                    hash = hash * 31 + strand.point;
                    if (observer != null) {
                        observer.deferred(this, strand);
                    }
                    return;
                }
            }
            strand.deferUntil = 0;
            int site = strand.site;
            Location location = strand.location;
            int mode = strand.mode;
            if (observer != null) {
                observer.interrupted(this, strand);
            }
            boolean held = strand.held;
            interrupts.take(pending);
            strand.site = site;
            strand.location = location;
            strand.mode = mode;
            if (held) {
                holdOn(strand);
            }
        }
    }

    /** A strand that was made to stop goes on for its interrupt only, if others can go on after that. */
    private void holdOn(Strand strand) {
        strand.held = false;
        preempted |= strand.bit;
        strand.point++;
        Strand pick = choose(strand, runnable);
        if (pick != strand) {
            next = pick;
            strand.coroutine.suspend();
        }
    }

    /** Makes the step that was decided on, as far as the explorer has to know. */
    private void perform(Strand strand) {
        Location location = strand.location;
        int mode = strand.mode;
        if (location != null) {
            if (happensBefore != null) {
                happensBefore.access(strand, location, mode, strand.site);
            }
            if ((mode & (Access.WRITE | Access.CONDITIONAL)) == Access.WRITE) {
                written(strand, location);
            }
            if ((mode & Access.READ) != 0) {
                strand.hasRead(location);
            }
        }
        if (observer != null) {
            observer.performed(this, strand);
        }
    }

    private void written(Strand strand, Location location) {
        location.version++;
        long waiting = location.spinners;
        if (waiting != 0) {
            location.spinners = 0;
            for (; waiting != 0; waiting &= waiting - 1) {
                wake(strands[Long.numberOfTrailingZeros(waiting)]);
            }
        }
        strand.hasWritten(location);
    }

    /** Something was done for a strand: it can step again. */
    private void wake(Strand strand) {
        if (observer != null) {
            observer.woken(this, running, strand);
        }
        if (strand.wait == Strand.Wait.SPIN) {
            spinning &= ~strand.bit;
            strand.stopSpinning();
        }
        hopelessRounds = 0;
        lastProgress = now;
        enable(strand);
    }

    private void enable(Strand strand) {
        strand.wait = Strand.Wait.NOTHING;
        strand.deadline = Long.MAX_VALUE;
        runnable |= strand.bit;
    }

    private void disable(Strand strand, Strand.Wait why, long deadline) {
        strand.wait = why;
        strand.deadline = deadline;
        strand.timedOut = false;
        runnable &= ~strand.bit;
    }

    /** {@return who can step; where nobody can time passes until somebody can, and 0 if that does not help} */
    private long menu() {
        if (runnable != 0) {
            return runnable;
        }
        Strand earliest = null;
        Strand patient = null;
        for (int i = 0; i < count; i++) {
            Strand strand = strands[i];
            if (strand.wait == Strand.Wait.QUIESCENCE) {
                patient = patient == null ? strand : patient;
            } else if (strand.deadline != Long.MAX_VALUE && !strand.finished && (earliest == null || strand.deadline < earliest.deadline)) {
                earliest = strand;
            }
        }
        if (patient != null) {
            if (observer != null) {
                observer.timePassed(this);
            }
            enable(patient);
            return runnable;
        }
        if (earliest == null && spinning == 0) {
            fail(Failure.deadlock(this));
            return 0;
        }
        hopelessRounds++;
        if (hopelessRounds > SPIN_ROUNDS && now - lastProgress > HOPELESS_NANOS) {
            fail(Failure.deadlock(this));
            return 0;
        }
        passTime(earliest);
        return runnable;
    }

    /** To the first deadline; by more and more where that has led nowhere for long, and where who spins looks at the clock. */
    private void passTime(Strand earliest) {
        long step = spinning == 0 ? 0 : 1000L << Math.min(hopelessRounds, 36);
        if (hopelessRounds > SPIN_ROUNDS / 2) {
            step = Math.max(step, 1000L << Math.min(hopelessRounds - SPIN_ROUNDS / 2, 36));
        }
        long target = earliest == null ? now + step : hopelessRounds > SPIN_ROUNDS / 2 ? Math.max(now + step, earliest.deadline)
                : spinning == 0 ? earliest.deadline : Math.min(now + step, earliest.deadline);
        now = Math.max(now, target);
        if (observer != null) {
            observer.timePassed(this);
        }
        if (earliest != null && earliest.deadline <= now) {
            timeOut(earliest);
        }
        for (long waiting = spinning; waiting != 0; waiting &= waiting - 1) {
            Strand strand = strands[Long.numberOfTrailingZeros(waiting)];
            strand.stopSpinning();
            enable(strand);
        }
        spinning = 0;
    }

    private void timeOut(Strand strand) {
        strand.timedOut = true;
        if (strand.wait == Strand.Wait.SIGNAL) {
            strand.location.waiters.remove(strand);
            wantLock(strand, strand.location);
            strand.timedOut = true;
            return;
        }
        if (strand.wait == Strand.Wait.SPIN) {
            spinning &= ~strand.bit;
            strand.stopSpinning();
        }
        enable(strand);
    }

    /** Once over the limit everybody has a turn, in order; what does not end then goes round in circles. */
    private void limit() {
        if (!fair) {
            fair = true;
        } else if (steps >= 2 * stepLimit) {
            fail(Failure.livelock(this, stepLimit));
            leave(current);
        }
    }

    void fail(Failure with) {
        if (outcome == null) {
            outcome = Outcome.FAILED;
            failure = with;
        }
    }

    /** Ends the run here and now, because something is wrong; the strand does not come back. */
    void end(Strand strand, Failure with) {
        fail(with);
        leave(strand);
    }

    /** The run has ended while a strand was in the middle: it does not come back. */
    private void leave(Strand strand) {
        next = null;
        strand.coroutine.suspend();
        throw new IllegalStateException("an abandoned strand runs");
    }

    // ---- the steps that strands make; each is called by the running strand

    void access(Strand strand, Object object, int field, int site, int mode) {
        if (count == 1 && unwatched) {
            strand.point++; // nobody else is there yet
            strand.location = Location.NONE;
            if (++steps >= stepLimit) {
                limit();
            }
            return;
        }
        announce(strand, site, locations.find(object, field, site), mode);
        decide(strand);
        perform(strand);
    }

    /** A plain access that need not be decided on, as far as is known. */
    void unshared(Strand strand, Object object, int field, int site, int mode) {
        happensBefore.access(strand, locations.find(object, field), mode, site);
    }

    void exchanged(Strand strand, boolean success) {
        if (strand.location == Location.NONE) {
            return;
        }
        if (success) {
            written(strand, strand.location);
        }
        if (happensBefore != null) {
            happensBefore.exchanged(strand, strand.location, strand.mode, success);
        }
        if (observer != null) {
            observer.exchanged(this, strand, success);
        }
    }

    void fence(Strand strand, int site) {
        announce(strand, site, null, Sites.modeOf(site));
        decide(strand);
        perform(strand);
    }

    void spin(Strand strand, int site) {
        announce(strand, site, null, Sites.modeOf(site) & Access.HARDWARE);
        boolean news = strand.sawChange();
        if (!news) {
            spinning |= strand.bit;
            disable(strand, Strand.Wait.SPIN, Long.MAX_VALUE);
        }
        decide(strand);
        strand.stopSpinning();
        perform(strand);
    }

    Location permitOf(Strand strand) {
        if (strand.permitLocation == null) {
            strand.permitLocation = locations.find(strand, PERMIT);
        }
        return strand.permitLocation;
    }

    private Location endOf(Strand strand) {
        if (strand.endLocation == null) {
            strand.endLocation = locations.find(strand, ENDED);
        }
        return strand.endLocation;
    }

    void park(Strand strand, int site, long nanos) {
        announce(strand, site, permitOf(strand), Access.READ | Access.WRITE | Sites.modeOf(site) & Access.HARDWARE);
        if (!strand.permit && !strand.interrupted) {
            if (nanos <= 0) {
                strand.mode &= ~Access.WRITE;
            } else {
                disable(strand, Strand.Wait.PARK, deadline(nanos));
            }
        }
        decide(strand);
        perform(strand);
        strand.permit = false;
    }

    private long deadline(long nanos) {
        return nanos > Long.MAX_VALUE - 1 - now ? Long.MAX_VALUE : now + nanos;
    }

    void unpark(Strand strand, int site, Strand target) {
        announce(strand, site, permitOf(target), Access.WRITE | Sites.modeOf(site) & Access.HARDWARE);
        decide(strand);
        perform(strand);
        target.permit = true;
        if (target.wait == Strand.Wait.PARK) {
            wake(target);
        }
    }

    void sleep(Strand strand, int site, long nanos) {
        announce(strand, site, null, Sites.modeOf(site) & Access.HARDWARE);
        if (nanos > 0) {
            disable(strand, Strand.Wait.SLEEP, deadline(nanos));
        }
        decide(strand);
        perform(strand);
    }

    /** Waits until no other strand can do anything without time passing. */
    void awaitQuiescence(Strand strand, int site) {
        announce(strand, site, null, Access.HARDWARE);
        disable(strand, Strand.Wait.QUIESCENCE, Long.MAX_VALUE);
        decide(strand);
        if (happensBefore != null) {
            happensBefore.joinAll(strand);
        }
        perform(strand);
    }

    void start(Strand strand, int site, Thread thread) {
        if (find(thread) != null) {
            throw new IllegalThreadStateException();
        }
        announce(strand, site, null, Access.HARDWARE);
        decide(strand);
        add(thread, thread::run, thread.isDaemon());
        perform(strand);
    }

    void join(Strand strand, int site, Strand target, long nanos) {
        announce(strand, site, endOf(target), Access.READ | Access.ACQUIRE | Sites.modeOf(site) & Access.HARDWARE);
        if (!target.finished) {
            disable(strand, Strand.Wait.JOIN, nanos == Long.MAX_VALUE ? nanos : deadline(nanos));
        }
        decide(strand);
        perform(strand);
    }

    boolean isAlive(Strand strand, int site, Strand target) {
        announce(strand, site, endOf(target), Access.READ | Access.ACQUIRE | Sites.modeOf(site) & Access.HARDWARE);
        decide(strand);
        perform(strand);
        return !target.finished;
    }

    void lock(Strand strand, int site, Object lock) {
        Location location = locations.find(lock, LOCK);
        if (location.owner == strand) {
            location.holds++;
            return;
        }
        announce(strand, site, location, Access.EXCHANGE | Sites.modeOf(site) & Access.HARDWARE);
        wantLock(strand, location);
        decide(strand);
        takeLock(strand, location, 1);
    }

    private void wantLock(Strand strand, Location location) {
        location.acquirers |= strand.bit;
        if (location.owner != null) {
            disable(strand, Strand.Wait.LOCK, Long.MAX_VALUE);
        } else {
            enable(strand);
        }
    }

    private void takeLock(Strand strand, Location location, int holds) {
        perform(strand);
        location.acquirers &= ~strand.bit;
        location.owner = strand;
        location.holds = holds;
        for (long others = location.acquirers; others != 0; others &= others - 1) {
            disable(strands[Long.numberOfTrailingZeros(others)], Strand.Wait.LOCK, Long.MAX_VALUE);
        }
    }

    boolean tryLock(Strand strand, int site, Object lock) {
        Location location = locations.find(lock, LOCK);
        if (location.owner == strand) {
            location.holds++;
            return true;
        }
        announce(strand, site, location, Access.EXCHANGE | Access.CONDITIONAL | Sites.modeOf(site) & Access.HARDWARE);
        decide(strand);
        boolean free = location.owner == null;
        perform(strand);
        if (free) {
            strand.mode &= ~Access.CONDITIONAL;
            location.owner = strand;
            location.holds = 1;
            for (long others = location.acquirers; others != 0; others &= others - 1) {
                disable(strands[Long.numberOfTrailingZeros(others)], Strand.Wait.LOCK, Long.MAX_VALUE);
            }
        }
        exchanged(strand, free);
        return free;
    }

    boolean holds(Strand strand, Object lock) {
        return locations.find(lock, LOCK).owner == strand;
    }

    void unlock(Strand strand, int site, Object lock) {
        Location location = locations.find(lock, LOCK);
        if (location.owner != strand) {
            throw new IllegalMonitorStateException();
        }
        if (--location.holds > 0) {
            return;
        }
        location.holds = 1;
        announce(strand, site, location, Access.WRITE | Access.RELEASE | Sites.modeOf(site) & Access.HARDWARE);
        decide(strand);
        perform(strand);
        release(location);
    }

    private void release(Location location) {
        location.owner = null;
        location.holds = 0;
        for (long waiting = location.acquirers; waiting != 0; waiting &= waiting - 1) {
            wake(strands[Long.numberOfTrailingZeros(waiting)]);
        }
    }

    /** Gives the lock up until it is signalled or the time is over, then takes it again. */
    void await(Strand strand, int site, Object lock, long nanos) {
        Location location = locations.find(lock, LOCK);
        if (location.owner != strand) {
            throw new IllegalMonitorStateException();
        }
        announce(strand, site, location, Access.WRITE | Access.RELEASE | Sites.modeOf(site) & Access.HARDWARE);
        decide(strand);
        perform(strand);
        int holds = location.holds;
        if (location.waiters == null) {
            location.waiters = new ArrayDeque<>();
        }
        location.waiters.add(strand);
        release(location);
        announce(strand, site, location, Access.EXCHANGE | Sites.modeOf(site) & Access.HARDWARE);
        disable(strand, Strand.Wait.SIGNAL, nanos == Long.MAX_VALUE ? nanos : deadline(nanos));
        decide(strand);
        takeLock(strand, location, holds);
    }

    void signal(Strand strand, int site, Object lock, boolean all) {
        Location location = locations.find(lock, LOCK);
        if (location.owner != strand) {
            throw new IllegalMonitorStateException();
        }
        announce(strand, site, location, Access.WRITE | Sites.modeOf(site) & Access.HARDWARE);
        decide(strand);
        perform(strand);
        while (location.waiters != null && !location.waiters.isEmpty()) {
            Strand waiter = location.waiters.poll();
            waiter.deadline = Long.MAX_VALUE;
            wantLock(waiter, location);
            if (!all) {
                return;
            }
        }
    }

    void interrupt(Strand strand, int site, Strand target) {
        announce(strand, site, permitOf(target), Access.WRITE | Sites.modeOf(site) & Access.HARDWARE);
        decide(strand);
        perform(strand);
        target.interrupted = true;
        switch (target.wait) {
            case PARK, SLEEP, JOIN -> wake(target);
            case SIGNAL -> {
                target.location.waiters.remove(target);
                wantLock(target, target.location);
            }
            default -> { }
        }
    }

    boolean interrupted(Strand strand, int site, Strand target) {
        announce(strand, site, permitOf(target), Access.READ | Sites.modeOf(site) & Access.HARDWARE);
        decide(strand);
        perform(strand);
        return target.interrupted;
    }

    int choose(Strand strand, int site, int alternatives) {
        announce(strand, site, null, Access.HARDWARE);
        decide(strand);
        perform(strand);
        decisions++;
        int choice = fair || !stretch ? 0 : strategy.choose(this, strand, alternatives);
        if (choice != 0) {
            departures.add(strand.id, strand.point, Departures.CHOICE - choice);
        }
        hash = hash * 31 + choice;
        if (observer != null) {
            observer.chose(this, strand, choice);
        }
        return choice;
    }

    /** How much smaller the scenario shall be than it is: asked by it, answered by who shrinks. */
    int reduce(int most) {
        if (reducible.length == reducibleCount) {
            reducible = Arrays.copyOf(reducible, reducibleCount + 4);
        }
        reducible[reducibleCount] = most;
        int index = reducibleCount++;
        return index < reductions.length ? Math.min(most, reductions[index]) : 0;
    }

    /** {@return by how much the scenario could have been smaller, for each time it asked} */
    int[] reducible() {
        return Arrays.copyOf(reducible, reducibleCount);
    }

    /** A step on a view, or with an iterator, is one on what it looks at. */
    void view(Object view, Object of) {
        if (roots == null) {
            roots = new IdentityHashMap<>();
        }
        roots.put(view, rootOf(of));
    }

    Object rootOf(Object object) {
        return roots == null ? object : roots.getOrDefault(object, object);
    }

    int identityHash(Object object) {
        if (hashes == null) {
            hashes = new Ids();
        }
        return 31 * Locations.simpleName(object.getClass()).hashCode() + hashes.idOf(object);
    }

    void install(Interrupts source) {
        interrupts = source;
    }

    boolean hasInterrupts() {
        return interrupts != null;
    }

    /** Outside of the stretch that is explored everything goes by default. */
    void stretch(boolean explored) {
        stretch = explored;
    }

    // ---- what others ask

    Strand find(Thread thread) {
        for (int i = 0; i < count; i++) {
            if (strands[i].thread == thread) {
                return strands[i];
            }
        }
        return null;
    }

    Strand strand(int id) {
        return strands[id];
    }

    Strand[] strands() {
        return Arrays.copyOf(strands, count);
    }

    int strandCount() {
        return count;
    }

    String column(Strand strand) {
        String column = null;
        if (interrupts != null) {
            Strand before = running;
            running = strand;
            strand.quiet++;
            try {
                column = interrupts.column(strand.thread);
            } finally {
                strand.quiet--;
                running = before;
            }
        }
        return column == null ? strand.name() : column;
    }

    long runnable() {
        return runnable;
    }

    long now() {
        return now;
    }

    long currentTimeMillis() {
        return EPOCH_MILLIS + now / 1_000_000;
    }

    int steps() {
        return steps;
    }

    int switches() {
        return switches;
    }

    int decisions() {
        return decisions;
    }

    /** {@return a number that is the same for two runs with the same decisions, and hardly ever else} */
    long hash() {
        return hash;
    }

    Failure failure() {
        return failure;
    }

    Departures departures() {
        return departures;
    }

    /** {@return who a strand is and what keeps it, in one line} */
    String waits(Strand strand) {
        String where = strand.site == BEGIN ? "" : " at " + Sites.get(strand.site).place();
        return column(strand) + (column(strand).equals(strand.name()) ? "" : " (" + strand.name() + ")") + switch (strand.wait) {
            case SPIN -> " spins" + where + onWhat(strand);
            case PARK -> " is parked" + where;
            case LOCK -> " waits for " + lockName(strand.location) + ", held by " + strand.location.owner.name() + "," + where;
            case SIGNAL -> " waits for a signal of " + lockName(strand.location) + where;
            case JOIN -> " waits for the end of " + ((Strand) strand.location.object).name() + where;
            case SLEEP -> " sleeps" + where;
            case QUIESCENCE -> " waits until nobody can go on" + where;
            case NOTHING -> " could go on" + where;
        };
    }

    private String lockName(Location location) {
        return Locations.simpleName(location.object.getClass()) + "#" + locations.idOf(location.object);
    }

    private String onWhat(Strand strand) {
        StringBuilder names = new StringBuilder();
        for (Location location : strand.spinsOn()) {
            names.append(names.isEmpty() ? ", looking at " : ", ").append(locations.name(location));
        }
        return names.toString();
    }

}
