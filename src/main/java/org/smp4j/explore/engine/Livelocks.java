package org.smp4j.explore.engine;

import org.smp4j.explore.coroutine.ThreadCoroutine;
import org.smp4j.explore.detect.Failures;
import org.smp4j.explore.hooks.Hooks;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.run.Heartbeat;
import org.smp4j.explore.run.Outcome;
import org.smp4j.explore.run.Strand;

/**
 * Runs that do not end, or not soon: the limit of steps, and loops without any. A run over the limit is a livelock if
 * it goes on for as long again with all strands having their turns, and then while time passes to the deadlines of
 * those that sleep. The turns can also begin before the limit, where strands get into each other's way only if neither
 * is held up. For loops without steps rewritten code counts its jumps backwards, in {@link Hooks#turn}, and calls here
 * once in a while: a loop that computes is left when the exploration ends, and one that never ends is a failure of the
 * scenario.
 */
public final class Livelocks {
    /** After how many jumps backwards there is a look at what goes on. */
    public static final int LOOK = 1 << 20;
    /** So many looks without a step in between: what takes that long is taken for a loop without an end. */
    private static final int MOST_LOOKS = 250;
    private static final int FEW_LOOKS = 20;
    /** Time passes to so many deadlines at most: a run that goes on with strands that sleep again and again is cut. */
    private static final int MOST_DEADLINES = 1000;
    /** The same of a machine, where a tick can be due again and again; what goes on then is a livelock nevertheless. */
    private static final int MOST_TICKS = 100;
    /**
     * On a machine, where code of the kernel looks at the clock all the time, microseconds pass, twice as many each
     * time: two seconds, which is no timeout there.
     */
    private static final int MOST_WHILES = 21;
    /** After so many steps by turns strands that spin have another look: what comes after a spin may be something. */
    private static final int SPIN_MASK = 0x3f;
    /** Between two times all have turns, for this part of the limit. */
    private static final int TIMES_IN_LIMIT = 100;
    private static final int FEWEST_TURNS = 100;

    private final Execution x;
    private LiveStrand strand;
    private int point;
    private int looks;
    private int most = MOST_LOOKS;
    // Whether a strand has chosen, or looked at the clock, while all had their turns: what it saw then was always the
    // same, and may be another in other runs.
    private boolean mayBeAnother;
    // Whether all had their turns from before the limit on.
    private boolean early;
    // Up to which step time stands still, once all have their turns, and to how many deadlines it has passed since.
    private long until;
    private int deadlines;
    private int whiles;

    Livelocks(Execution x) {
        this.x = x;
    }

    void begin() {
        strand = null;
        mayBeAnother = false;
        early = false;
        until = 2L * x.stepLimit;
        deadlines = 0;
        whiles = 0;
    }

    /** A strand has looked at the clock, or chosen: what it did then could be the way out. */
    void mayBeAnother() {
        mayBeAnother |= x.fair;
    }

    /** Whether less is enough: among runs of which the one that counts is made once more. */
    public void hurry(boolean on) {
        most = on ? FEW_LOOKS : MOST_LOOKS;
    }

    /** The running strand has made many jumps backwards since the last call. */
    public void look(LiveStrand running) {
        if (x.lives.unwinding) {
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

    /** The run goes on; it need not, if the exploration is to end. */
    void beat(LiveStrand running) {
        Heartbeat.beat();
        if (x.outcome == null && x.stop.now()) {
            x.outcome = Outcome.STOPPED;
            x.leave(running);
        }
    }

    /** {@return the strand that steps next, from here on by turns: the run departs here for the last time} */
    int turns(Strand current, long menu) {
        LiveStrand strand = x.strands[current.id];
        x.fair = true;
        early = true;
        x.departures().add(strand.id, strand.point, DepartureKind.ROUND_ROBIN, 0);
        if (x.observer != null) {
            x.observer.departed(x.view, strand, "from here on all have their turns");
        }
        return Execution.nextOf(strand, menu);
    }

    /**
     * Once over the limit all strands have turns, in order, those that spin as well. If that is no end, time passes.
     * What does not end then goes round in circles, unless a strand still waits for a time, or has looked at the clock
     * or chosen: of those runs nothing is known.
     */
    void limit() {
        if (!x.fair) {
            x.fair = true;
            return;
        }
        if ((x.steps & SPIN_MASK) == 0) {
            x.time.release();
        }
        if (x.steps >= until && !timePasses()) {
            if ((mayBeAnother || x.time.awaited()) && (early || !x.interrupts.exist())) {
                x.outcome = Outcome.CUT;
            } else {
                x.fail(Failures.livelock(x.view, x.stepLimit));
            }
            x.leave(x.turns.current());
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
