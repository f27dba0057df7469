package org.smp4j.explore.engine;

import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.coroutine.ThreadCoroutine;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.detect.HappensBefore;
import org.smp4j.explore.detect.Releases;
import org.smp4j.explore.detect.StrandStacks;
import org.smp4j.explore.environment.Environment;
import org.smp4j.explore.hooks.Hooks;
import org.smp4j.explore.memory.WeakMemory;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.run.Heartbeat;
import org.smp4j.explore.run.HeldStrand;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Stop;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;
import org.smp4j.explore.run.Wait;

/**
 * One run of the scenario after the other: the strands, the time, and the decision which strand steps next. Rewritten
 * code calls it through {@link Hooks}.
 *
 * <p>Each strand stands before its next step. {@link #decide} lets the strategy choose a strand, which makes its step
 * and runs on to its next one. So one shared access, or one call of the JDK, is made between two decisions.
 */
public final class Execution {
    private static final int BEAT_MASK = 0xffff;

    /** The strand that runs now; null outside of a run. There is one exploration at a time in a JVM. */
    public static LiveStrand running;

    /** The run as strategies, searches, detectors and reports see it. */
    public final RunView view = new RunView(this);
    public final Locations locations = new Locations(this);
    final StrandSwitch turns;
    public final StrandTable strandTable = new StrandTable(this);
    public final Steps plainSteps = new Steps(this);
    public final Blocking blocking = new Blocking(this);
    public final KeyLocks keys = new KeyLocks(this);
    public final Environment environment = new Environment();
    public final InterruptPoints interrupts = new InterruptPoints(this);
    public final VirtualTime time = new VirtualTime(this);
    public final ClassInitialization initialized = new ClassInitialization(this);
    public final Refusal refusal = new Refusal(this);
    public final HeldStrand hold = new HeldStrand();
    public final Assumptions assumptions = new Assumptions();
    public final Releases releases = new Releases(view, assumptions);
    public final Livelocks livelocks = new Livelocks(this);
    public final Coroutine.Kind kind;
    final LiveStrand[] strands = new LiveStrand[Run.MAX_STRANDS];

    public HappensBefore happensBefore;
    public HappensBefore looking; // the same while it must check accesses, else null; see stretch
    public Observer observer;
    public WeakMemory weak; // null: each read returns the newest value
    public int stepLimit = 100_000;
    public Stop stop = Stop.never();
    public boolean stacks; // whether a failure without an exception is to have the stacks of the strands
    Strategy strategy;
    public int count;
    final StrandSet runnable = new StrandSet();
    final StrandSet spinning = new StrandSet();
    final StrandSet timed = new StrandSet(); // with a timeout that may fire before its time at any step
    final StrandSet outlasting = new StrandSet(); // the same, but only if all strands that can step were preempted
    final StrandSet preempted = new StrandSet();
    private final StrandSet willing = new StrandSet(); // computed of these sets, as the next one is
    private final StrandSet before = new StrandSet();
    boolean fair;
    public boolean stretch;
    boolean everyStep;
    boolean informed; // whether the strategy is told of each step
    boolean unwatched; // whether no observer is
    public Outcome outcome;
    public Failure failure;
    int steps;
    int decisions;
    long hash;
    private final Departures departures = new Departures();

    public Execution(Coroutine.Kind kind) {
        this.kind = kind;
        turns = new StrandSwitch(this);
    }

    /** Runs the scenario once. */
    public Outcome run(Thread mainThread, Runnable main, Strategy by, long schedule, long seed) {
        strategy = by;
        count = 0;
        strandTable.begin();
        runnable.clear();
        time.begin();
        interrupts.begin();
        environment.begin();
        releases.begin();
        initialized.begin();
        refusal.begin();
        hold.begin();
        keys.begin();
        spinning.clear();
        preempted.clear();
        fair = false;
        stretch = true;
        looking = happensBefore;
        everyStep = by.everyStep();
        outcome = null;
        failure = null;
        steps = 0;
        decisions = 0;
        hash = 0;
        departures.clear();
        plainSteps.weakChances = 0;
        locations.clear();
        livelocks.begin();
        Heartbeat.beat();
        strategy = by.begin(view, schedule, seed);
        informed = strategy.wantsSteps();
        unwatched = observer == null && !everyStep;
        LiveStrand first = strandTable.add(mainThread, main, false);
        try {
            turns.run(first);
            if (stacks && failure != null) {
                failure = StrandStacks.in(failure, view);
            }
        } finally {
            strandTable.recycle();
            Heartbeat.rest();
        }
        if (outcome == Outcome.COMPLETE && steps >= stepLimit) {
            outcome = Outcome.CUT;
        }
        return outcome;
    }

    /** The running strand reaches its next step, at a site. */
    public void announce(LiveStrand strand, int site, LiveLocation location, int mode) {
        if (strandTable.unwinding) {
            throw new ThreadCoroutine.Abandoned();
        }
        if (weak != null) {
            weak.settle();
        }
        strand.site = site;
        strand.location = location;
        strand.mode = mode;
        strand.reachesOne();
        strand.held = false;
        strand.unshared = 0;
        strand.point++;
        if (informed && !strand.isWithinPart()) {
            strategy.announced(view, strand);
        }
    }

    /** The running strand has reached a step, which it may make when this returns. */
    public void decide(LiveStrand strand) {
        if (++steps >= stepLimit) {
            livelocks.limit();
        } else if ((steps & BEAT_MASK) == 0) {
            livelocks.beat(strand);
        }
        if (strand.goesOn()) {
            return;
        }
        if (!runnable.isOnly(strand) || !timed.isEmpty() || everyStep) {
            if (!time.findsOne()) {
                leave(strand);
            }
            LiveStrand pick = choose(strand);
            if (pick != strand) {
                turns.pass(strand, pick);
            }
        }
        strand.wait = Wait.NOTHING;
        if (informed) {
            strategy.performed(view, strand);
        }
        if (interrupts.installed() && (strand.mode & Access.HARDWARE) == 0 && strand.quiet == 0) {
            interrupts.offer(strand);
        }
    }

    /** Chooses one of the strands that can step. */
    LiveStrand choose(LiveStrand strand) {
        StrandSet menu = runnable;
        int fallback = byDefault(strand, menu);
        int pick = fallback;
        int early = -1;
        if (!timed.isEmpty() || !outlasting.isEmpty() && !preempted.isEmpty()) {
            before.set(runnable); // a timeout that fires lets further strands step
            menu = before;
            early = time.early(strand, fallback);
        }
        if (early >= 0) {
            pick = early;
        } else if (everyStep || menu.isSeveral()) {
            decisions++;
            if (stretch && !fair) {
                pick = strategy.pick(view, strand, menu);
                if (pick < 0) {
                    outcome = Outcome.PRUNED;
                    leave(strand);
                }
            } else if (stretch) {
                pick = menu.after(strand);
            }
            if (pick != fallback) {
                depart(strand, fallback, pick);
            }
        }
        if (!preempted.isEmpty() && preempted.has(pick)) {
            interrupts.goesOn(strands[pick], menu);
        }
        if (hold.isOn()) {
            hold.goesOn(strands[pick]);
        }
        if (pick != strand.id) {
            hash = (hash ^ strand.point) * 0x9E3779B97F4A7C15L + pick;
            hash ^= hash >>> 29;
        }
        return strands[pick];
    }

    private void depart(LiveStrand strand, int fallback, int pick) {
        if (fallback == strand.id) {
            preempted.add(strand);
        }
        if (!fair) { // turns of the round robin are no departures
            departures.add(strand.id, strand.point, DepartureKind.SWITCH, pick);
            if (observer != null) {
                observer.departed(view, strand, strands[pick]);
            }
        }
    }

    /**
     * The default schedule: the strand goes on; if it can't, the next one in the order of their start follows, with
     * preempted strands last. So one departure holds a strand back as long as any other can step, except for the
     * interrupts that it takes meanwhile.
     */
    int byDefault(Strand strand, StrandSet menu) {
        return menu.has(strand) && !preempted.has(strand) ? strand.id : menu.after(strand, preempted);
    }

    /** {@return the strands that were not preempted, or all if there is no other; until the next call} */
    StrandSet willing(StrandSet menu) {
        if (menu.isWithin(preempted)) {
            return menu;
        }
        willing.set(menu);
        willing.removeAll(preempted);
        return willing;
    }

    /** Records the step of the strand, which then makes it. */
    public void perform(LiveStrand strand) {
        if (weak == null) {
            record(strand, strand.mode, false);
        } else {
            plainSteps.weakly(strand);
        }
    }

    /** As {@link #perform}, with the mode that the access has in this run, and whether it misses newer values. */
    void record(LiveStrand strand, int mode, boolean misses) {
        LiveLocation location = strand.location;
        if (location != null) {
            if (looking != null) {
                looking.access(strand, location, mode, strand.site, misses);
            }
            if ((mode & (Access.WRITE | Access.CONDITIONAL)) == Access.WRITE) {
                written(strand, location);
            }
            if ((mode & Access.READ) != 0) {
                strand.hasRead(location);
            }
        }
        if (hold.isOn()) {
            hold.performed(strand);
        }
        if (observer != null) {
            observer.performed(view, strand);
        }
    }

    void written(LiveStrand strand, LiveLocation location) {
        location.version++;
        StrandSet waiting = location.spinners;
        if (waiting != null && !waiting.isEmpty()) {
            for (int id = waiting.next(0); id >= 0; id = waiting.next(id + 1)) {
                wake(strands[id]);
            }
            waiting.clear();
        }
        strand.hasWritten(location);
    }

    /** Another strand's step lets a waiting strand step again. */
    void wake(LiveStrand strand) {
        if (observer != null) {
            observer.woken(view, running, strand);
        }
        if (strand.wait == Wait.SPIN) {
            spinning.remove(strand);
            strand.stopSpinning();
        }
        hold.happened();
        time.progress();
        enable(strand);
    }

    void enable(LiveStrand strand) {
        strand.wait = Wait.NOTHING;
        strand.deadline = Long.MAX_VALUE;
        timed.remove(strand);
        outlasting.remove(strand);
        runnable.add(strand);
    }

    void disable(LiveStrand strand, Wait why, long deadline) {
        strand.wait = why;
        strand.deadline = deadline;
        strand.timedOut = false;
        time.waits(strand, deadline);
        runnable.remove(strand);
    }

    /** Ends the run with a failure, unless it has ended. */
    public void fail(Failure with) {
        if (outcome == null) {
            outcome = Outcome.FAILED;
            failure = with;
        }
    }

    /** Ends the run at once with a failure; does not return to the strand. */
    public void end(LiveStrand strand, Failure with) {
        fail(with);
        leave(strand);
    }

    /** Leaves a strand in the middle, as the run has ended; does not return to it. */
    void leave(LiveStrand strand) {
        turns.end(strand);
    }

    /**
     * Begins or ends the explored stretch; outside of it the schedule is the default one. While the run equals a
     * checked one, accesses there need no check and happen before all later ones: no schedule reorders them.
     */
    public void stretch(boolean explored) {
        if (explored && looking == null && happensBefore != null) {
            looking = happensBefore;
            looking.meet();
        } else if (!explored && looking != null && !looking.asked && departures.size() == 0
                && strategy.beginsAsKnown()) {
            looking = null;
        }
        stretch = explored;
        hold.happened();
    }

    /** {@return the strand that runs a thread; null if none does} */
    public LiveStrand find(Thread thread) {
        hold.happened(); // no step shows whether the thread has been started
        return strandTable.of(thread);
    }

    /** {@return the number of steps so far} */
    public int steps() {
        return steps;
    }

    /** {@return the number of decisions so far} */
    public int decisions() {
        return decisions;
    }

    /** {@return a hash of the decisions: the same for runs with the same decisions, and rarely otherwise} */
    public long hash() {
        return hash;
    }

    /** {@return the failure of the run, or null} */
    public Failure failure() {
        return failure;
    }

    /** {@return the departures of the run} */
    public Departures departures() {
        return departures;
    }
}
