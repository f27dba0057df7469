package org.smp4j.explore.engine;

import java.util.Arrays;
import java.util.function.Supplier;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.HeldStrand;
import org.smp4j.explore.run.Interruptions;
import org.smp4j.explore.run.Interrupts;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Wait;

/**
 * Where the scenario's processors take interrupts: before each step of a strand with a pending one. Those from outside
 * may come there, too; to idle processors before each step of any strand, and when no strand can step.
 */
public final class InterruptPoints implements Interruptions {
    /** An overdue interrupt is dropped if a strand that goes on has interrupts masked for more than this many steps. */
    static final int LATE = 64;

    private final Execution x;
    private Interrupts source;
    private boolean injected;
    private boolean offered;
    private final int[] chances = new int[KINDS];
    private boolean counted;

    InterruptPoints(Execution x) {
        this.x = x;
    }

    void begin() {
        source = null;
        x.view.begin();
        injected = false;
        offered = false;
        if (counted) {
            Arrays.fill(chances, 0);
            counted = false;
        }
    }

    /** Sets the source of interrupts for this run. */
    public void install(Interrupts from) {
        source = from;
        injected = from.injected();
    }

    /** {@return whether the scenario has processors} */
    @Override
    public boolean exist() {
        return source != null;
    }

    boolean installed() {
        return injected;
    }

    /** {@return whether an interrupt could have been taken in this run} */
    @Override
    public boolean offered() {
        return offered;
    }

    /** The strand is about to step, and may have to take an interrupt first. */
    void offer(LiveStrand strand) {
        do {
            if (!takePending(strand)) {
                return;
            }
        } while (comes(strand));
    }

    /** {@return false if an interrupt stays pending} */
    private boolean takePending(LiveStrand strand) {
        for (;;) {
            strand.quiet += HeldStrand.ASKING;
            int pending = source.pending();
            strand.quiet -= HeldStrand.ASKING;
            if (pending == 0) {
                strand.deferUntil = 0;
                return true;
            }
            offered = true;
            x.hold.interrupted(strand);
            if (strand.deferUntil > strand.point) {
                x.strategy.deferring(x.view, strand);
                return false;
            }
            if (strand.deferUntil == 0) {
                x.decisions++;
                int steps = x.fair || !x.stretch ? 0 : x.strategy.defer(x.view, strand);
                if (steps > 0) {
                    strand.deferUntil = strand.point + steps;
                    x.departures().add(strand.id, strand.point, DepartureKind.DEFERRAL, steps);
                    x.hash = x.hash * 31 + strand.point;
                    if (x.observer != null) {
                        x.observer.departed(x.view, strand, "an interrupt is pending, and comes later");
                    }
                    return false;
                }
            }
            strand.deferUntil = 0;
            if (x.observer != null) {
                x.observer.interrupted(x.view, strand);
            }
            take(strand, pending);
        }
    }

    private void take(LiveStrand strand, int interrupt) {
        int site = strand.site;
        LiveLocation location = strand.location;
        int mode = strand.mode;
        Object expected = strand.expected;
        boolean held = strand.held;
        source.take(interrupt);
        strand.expected = expected;
        strand.site = site;
        strand.location = location;
        strand.mode = mode;
        if (held) {
            holdOn(strand);
        }
    }

    /** A preempted strand goes on only for its interrupt, if other strands can step after that. */
    private void holdOn(LiveStrand strand) {
        strand.held = false;
        x.preempted.add(strand);
        strand.point++;
        LiveStrand pick = x.choose(strand);
        if (pick != strand) {
            x.turns.pass(strand, pick);
        }
    }

    // ---- what comes from outside

    /** {@return whether an interrupt came from outside, at most once before each step} */
    private boolean comes(LiveStrand strand) {
        // another strand could take it meanwhile
        boolean wantsLock = strand.location != null && strand.location.isAcquirer(strand);
        if (strand.cameAt == strand.point || wantsLock) {
            return false;
        }
        LiveStrand taker = raised(strand, possible(strand, true));
        if (taker == strand) {
            take(strand, 0);
        } else if (taker != null) {
            rouse(taker);
        }
        return taker != null;
    }

    /** No strand can step: an interrupt has a chance here too, after a strand's step. {@return whether one can now} */
    boolean comeWhileAllWait(LiveStrand strand) {
        int possible = possible(strand, true);
        if (possible == 0) {
            return false;
        }
        strand.point++; // this is one chance, and that before the strand's next step is another
        LiveStrand taker = raised(strand, possible);
        strand.point++;
        if (taker != null) {
            rouse(taker);
        }
        return !x.runnable.isEmpty();
    }

    /** {@return the strand that takes the interrupt that comes now; null if none comes} */
    private LiveStrand raised(LiveStrand strand, int possible) {
        if (possible == 0) {
            return null;
        }
        offered = true;
        x.hold.happened();
        counted = true;
        x.decisions++;
        for (int left = possible; left != 0; left &= left - 1) {
            chances[Interruptions.kind(strand, Integer.numberOfTrailingZeros(left))]++;
        }
        int expected = expected(strand, possible);
        int chosen = x.strategy.interrupt(x.view, strand, possible);
        int number = chosen < 0 ? expected : chosen;
        if (number != expected) {
            x.departures().add(strand.id, strand.point, DepartureKind.INTERRUPT, number);
            x.hash = (x.hash * 31 + strand.point) * 31 + number;
        }
        if (expected != Departures.NO_INTERRUPT) {
            x.hold.late(strand);
            strand.lateUntil = 0;
            strand.held = true;
        }
        if (number == Departures.NO_INTERRUPT) {
            if (number != expected && x.observer != null) {
                x.observer.departed(x.view, strand, "an interrupt is overdue, and comes later");
            }
            return null;
        }
        if ((possible & 1 << number) == 0) {
            throw new ExplorerException("two runs of the same schedule differ: at step " + x.steps() + " interrupt "
                    + number + " could come before and can't now");
        }
        strand.cameAt = strand.point;
        if (x.observer != null && number == expected) {
            x.observer.note(x.view, strand, ask(strand, () -> source.text(number)));
        } else if (x.observer != null) {
            x.observer.departed(x.view, strand, ask(strand, () -> source.text(number)));
        }
        LiveStrand taker = x.find(ask(strand, () -> source.raise(number)));
        if (taker == null) {
            throw new ExplorerException("interrupt " + number + " came to no strand");
        }
        return taker;
    }

    /** A preempted strand goes on: if all other strands that can step were preempted, too, it has stood for long. */
    void goesOn(LiveStrand strand, StrandSet menu) {
        if (menu.isWithin(x.preempted)) {
            strand.lateUntil = strand.point + LATE;
        }
        x.preempted.remove(strand);
        strand.held = true;
    }

    /**
     * The interrupt that comes by default: a preempted strand that goes on because no other can has stood for long, and
     * overdue interrupts then come as soon as they can.
     *
     * @return its number, or {@link Departures#NO_INTERRUPT}
     */
    @Override
    public int expected(Strand of, int possible) {
        LiveStrand strand = x.strands[of.id];
        int overdue = strand.point <= strand.lateUntil ? possible & source.overdue() : 0;
        return overdue == 0 ? Departures.NO_INTERRUPT : Integer.numberOfTrailingZeros(overdue);
    }

    /** {@return whether no interrupt could be taken before the strand's next step, whatever is pending} */
    @Override
    public boolean masked(Strand of) {
        LiveStrand strand = x.strands[of.id];
        if (!injected || (strand.mode & Access.HARDWARE) != 0) {
            return true;
        }
        strand.quiet += HeldStrand.ASKING;
        boolean masked = source.masked();
        strand.quiet -= HeldStrand.ASKING;
        return masked;
    }

    /** {@return how many chances an interrupt has had in this run to reach strands like this one} */
    @Override
    public int chances(Strand strand, int number) {
        return chances[Interruptions.kind(strand, number)];
    }

    @Override
    public int chances(int kind) {
        return chances[kind];
    }

    private int possible(LiveStrand strand, boolean elsewhere) {
        if (x.fair || !x.stretch) {
            return 0;
        }
        strand.quiet += HeldStrand.ASKING;
        int possible = source.possible(elsewhere);
        strand.quiet -= HeldStrand.ASKING;
        return possible;
    }

    private void rouse(LiveStrand taker) {
        if (taker.wait == Wait.PARK || taker.wait == Wait.SPIN) {
            x.wake(taker);
        }
    }

    /**
     * A plain access that is no step yet. A handler is ordered after the strand that it interrupts, as is the next one
     * on the same processor: there is no race. But a field that both reach has steps, so that one can come in between.
     */
    void reached(LiveStrand strand, LiveLocation location, int mode, int site) {
        strand.quiet += HeldStrand.ASKING;
        int context = source.context();
        strand.quiet -= HeldStrand.ASKING;
        if (context < 0) {
            return;
        }
        Reach reach = reachOf(location, context >> Interrupts.PLACE);
        boolean writes = (mode & Access.WRITE) != 0;
        long bits = strand.bit != 0 ? strand.bit : Reach.TWO;
        boolean news = strand.handling || (context & Interrupts.HANDLER) != 0 ? reach.handled(writes)
                : reach.reached(bits, writes, (context & Interrupts.INTERRUPTIBLE) != 0,
                        (context & Interrupts.PREEMPTIBLE) != 0);
        if (news && reach.isShared()) {
            Sites.share(Sites.fieldOf(site));
        }
    }

    private static Reach reachOf(LiveLocation location, int place) {
        Reach reach = location.reach;
        while (reach != null && reach.place != place) {
            reach = reach.next;
        }
        if (reach == null) {
            reach = new Reach(place, location.reach);
            location.reach = reach;
        }
        if (reach.epoch != location.epoch) {
            reach.begin(location.epoch);
        }
        return reach;
    }

    /** The strands that have reached a location on one processor in this run. */
    static final class Reach {
        // Stands for a strand without a bit: it counts as two, so rather too much is shared than too little.
        private static final long TWO = 3L << StrandSet.FEW - 2;

        private final int place;
        private final Reach next;
        private int epoch;
        private boolean handled;
        private boolean handlerWrites;
        // By bit, the strands that have, outside of handlers.
        private long users;
        private long writers;
        private long interruptible;
        private long preemptible;

        private Reach(int place, Reach next) {
            this.place = place;
            this.next = next;
        }

        private void begin(int inEpoch) {
            epoch = inEpoch;
            handled = false;
            handlerWrites = false;
            users = 0;
            writers = 0;
            interruptible = 0;
            preemptible = 0;
        }

        private boolean handled(boolean writes) {
            boolean news = !handled || writes && !handlerWrites;
            handled = true;
            handlerWrites |= writes;
            return news;
        }

        private boolean reached(long strand, boolean writes, boolean byInterrupts, boolean byOthers) {
            long news = strand & ~users | (writes ? strand & ~writers : 0)
                    | (byInterrupts ? strand & ~interruptible : 0) | (byOthers ? strand & ~preemptible : 0);
            users |= strand;
            writers |= writes ? strand : 0;
            interruptible |= byInterrupts ? strand : 0;
            preemptible |= byOthers ? strand : 0;
            return news != 0;
        }

        /** {@return whether code that runs between two accesses of one strand can affect that strand or another} */
        private boolean isShared() {
            boolean byHandler = handled && (handlerWrites ? interruptible : interruptible & writers) != 0;
            boolean byOther = preemptible != 0 && writers != 0 && (users & users - 1) != 0;
            return byHandler || byOther;
        }
    }

    // ---- what reports want to know

    String column(LiveStrand strand) {
        String column = source == null ? null : ask(strand, () -> source.column(strand.thread));
        return column == null ? strand.name() : column;
    }

    /** {@return what a strand waits for, or null} */
    String waits(LiveStrand strand) {
        return source == null ? null : ask(strand, () -> source.waits(strand.thread));
    }

    private static <T> T ask(LiveStrand strand, Supplier<T> question) {
        LiveStrand before = Execution.running;
        Execution.running = strand;
        strand.quiet++;
        try {
            return question.get();
        } finally {
            strand.quiet--;
            Execution.running = before;
        }
    }
}
