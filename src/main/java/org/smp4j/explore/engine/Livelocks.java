package org.smp4j.explore.engine;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.smp4j.explore.coroutine.ThreadCoroutine;
import org.smp4j.explore.detect.Failures;
import org.smp4j.explore.hooks.Hooks;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.run.Heartbeat;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;

/**
 * Detects runs that do not end: runs over the step limit, and loops without steps. A run over the limit is taken for a
 * livelock if it goes on for as long again while all strands step in turn, and then while time passes to the deadlines
 * of sleeping strands. The turns may also begin before the limit, for strands that obstruct each other only if neither
 * is delayed. For loops without steps rewritten code counts backward jumps, in {@link Hooks#turn}, and calls {@link
 * #look} now and then. A loop that computes is left when the exploration ends; one that never ends is a failure of the
 * scenario.
 */
public final class Livelocks {
    /** The number of backward jumps between two calls of look(). */
    public static final int LOOK = 1 << 20;
    /** This many calls of look() without a step in between are taken for an endless loop. */
    private static final int MOST_LOOKS = 250;
    private static final int FEW_LOOKS = 20;
    /** Time passes to this many deadlines at most: a run whose strands sleep again and again is cut. */
    private static final int MOST_DEADLINES = 1000;
    /** The same for a machine, whose tick is due again and again; a run that still goes on is a livelock. */
    private static final int MOST_TICKS = 100;
    /**
     * On a machine, whose kernel code reads the clock all the time, microseconds pass, twice as many each time, up to
     * two seconds: the kernel has no such timeout.
     */
    private static final int MOST_WHILES = 21;
    /** After this many steps in turn spinning strands check again: code after a spin may make progress. */
    private static final int SPIN_MASK = 0x3f;
    /** Between two passes of time all strands step in turn, for this fraction of the limit. */
    private static final int TIMES_IN_LIMIT = 100;
    private static final int FEWEST_TURNS = 100;
    /** In a livelock strands come to no new code in the last quarter of the steps over the limit. */
    private static final int LAST = 4;

    private final Execution x;
    private LiveStrand strand;
    private int point;
    private int looks;
    private int most = MOST_LOOKS;
    // For how many times the limit all strands step in turn, before time passes.
    private int times = 1;
    // Whether a strand has chosen or read the clock while all step in turn: it saw the same result each time, and may
    // see another in other runs.
    private boolean mayBeAnother;
    // Whether the turns began before the limit.
    private boolean early;
    // The step up to which time stands still while all step in turn; the number of deadlines to which it has passed
    // since.
    private long until;
    private int deadlines;
    private int whiles;
    // When the strands that slept at the limit have all woken up.
    private long awake;
    // The sites that each strand has reached since the limit; the step at which one was new for the last time; the
    // first of these steps.
    private final List<BitSet> reached = new ArrayList<>();
    private long novelAt;
    private long over;
    // How long a run with new code may go on over the limit.
    private long longest;

    Livelocks(Execution x) {
        this.x = x;
    }

    void begin() {
        strand = null;
        mayBeAnother = false;
        early = false;
        until = (1L + times) * x.stepLimit;
        deadlines = 0;
        whiles = 0;
        awake = Long.MIN_VALUE;
        over = 0;
        longest = 0;
    }

    /** A strand has read the clock or chosen: another result could end the loop. */
    void mayBeAnother() {
        mayBeAnother |= x.fair;
    }

    /** Whether shorter waits are enough, for runs that are repeated in full if they matter. */
    public void hurry(boolean on) {
        most = on ? FEW_LOOKS : MOST_LOOKS;
    }

    /** Sets for how many times the step limit all strands step in turn, over the limit. */
    public void takeTurns(int timesLimit) {
        times = timesLimit;
    }

    /** The running strand has made many backward jumps since the last call. */
    public void look(LiveStrand running) {
        if (x.strandTable.unwinding) {
            throw new ThreadCoroutine.Abandoned();
        }
        if (running != strand || running.point != point) {
            strand = running;
            point = running.point;
            looks = 0;
        }
        beat(running);
        if (++looks > most) {
            x.end(running, Failures.endless(running));
        }
    }

    /** Notes that the run goes on, and leaves it if the exploration is to end. */
    void beat(LiveStrand running) {
        Heartbeat.beat();
        if (x.outcome == null && x.stop.now()) {
            x.outcome = Outcome.STOPPED;
            x.leave(running);
        }
    }

    /** {@return the strand that steps next, from here on in turn: the last departure of the run} */
    int turns(Strand current, StrandSet menu) {
        LiveStrand strand = x.strands[current.id];
        x.fair = true;
        early = true;
        x.departures().add(strand.id, strand.point, DepartureKind.ROUND_ROBIN, 0);
        if (x.observer != null) {
            x.observer.departed(x.view, strand, "from here on all threads step in turn");
        }
        return menu.after(strand);
    }

    /**
     * Over the limit all strands step in turn, spinning ones as well. If the run does not end so, time passes. If it
     * still does not end, it is a livelock, unless a strand still waits for a time, or has read the clock or chosen:
     * then nothing is known of the run. On a machine strands always do so; there a strand has to sleep on since before.
     * While strands come to code that is new to them it goes on, up to twice as long, and then nothing is known either:
     * the limit is only too low.
     */
    void limit() {
        note(Execution.running);
        if (!x.fair) {
            x.fair = true;
            awake = x.time.allAwake();
            return;
        }
        if ((x.steps & SPIN_MASK) == 0) {
            x.time.release();
        }
        if (x.steps >= until && !timePasses()) {
            boolean unknown = (mayBeAnother || x.time.awaited()) && (early || !x.interrupts.exist())
                    || x.time.isBefore(awake);
            boolean novel = !unknown && x.steps - novelAt < (x.steps - over) / LAST;
            if (novel) {
                longest = longest == 0 ? 2 * (x.steps - over) : longest;
                if (x.steps - over <= longest) {
                    return;
                }
            }
            if (unknown || novel) {
                x.outcome = Outcome.CUT;
            } else {
                x.fail(Failures.livelock(x.view, x.stepLimit));
            }
            x.leave(x.turns.current());
        }
    }

    /** {@return whether time has passed in this run although strands could have gone on} */
    public boolean leapt() {
        return deadlines > 0 || whiles > 0;
    }

    private void note(LiveStrand running) {
        if (over == 0) {
            over = x.steps;
            reached.forEach(BitSet::clear);
        }
        while (running.id >= reached.size()) {
            reached.add(new BitSet());
        }
        BitSet sites = reached.get(running.id);
        if (!sites.get(running.site)) {
            sites.set(running.site);
            novelAt = x.steps;
        }
    }

    private boolean timePasses() {
        boolean machine = x.interrupts.exist();
        if (x.time.awaited() && deadlines < (machine ? MOST_TICKS : MOST_DEADLINES)) {
            deadlines++;
            x.time.passToNextDeadline();
        } else if (mayBeAnother && machine && whiles < MOST_WHILES) {
            x.time.pass(1000L << whiles++);
        } else {
            return false;
        }
        until = x.steps + Math.max(x.stepLimit / TIMES_IN_LIMIT, FEWEST_TURNS);
        return true;
    }
}
