package org.smp4j.explore;

/**
 * Runs that do not end, or not soon: the limit of steps, and loops without any. Of a run over the limit it is known that it goes on for ever if it goes on for as
 * long again with all strands having their turns; those can also begin before, where strands get into each other's way only if neither is held up. For loops rewritten code counts its jumps backwards, in {@link Hooks#turn}, and
 * calls here once in a while; so a loop that computes can be left when the exploration is to end, and one that never ends is a failure of the scenario.
 */
final class Endless {
    /** After how many jumps backwards there is a look at what goes on. */
    static final int LOOK = 1 << 20;
    /** So many looks without a step in between: what takes that long is taken for a loop without an end. */
    private static final int MOST_LOOKS = 250;
    private static final int FEW_LOOKS = 20;

    private final Execution x;
    private Strand strand;
    private int point;
    private int looks;
    private int most = MOST_LOOKS;
    // Whether something was the same again and again, while all had their turns, that is another one in other runs: the time, or a choice.
    private boolean another;

    Endless(Execution x) {
        this.x = x;
    }

    void begin() {
        strand = null;
        another = false;
    }

    /** A strand has looked at the clock, or chosen: what it did then could be the way out. */
    void mayBeAnother() {
        another |= x.fair;
    }

    /** Whether less is enough: among runs of which the one that counts is made once more. */
    void hurry(boolean on) {
        most = on ? FEW_LOOKS : MOST_LOOKS;
    }

    /** The running strand has made many jumps backwards since the last call. */
    void look(Strand running) {
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
            x.end(running, Failure.endless(running));
        }
    }

    /** The run goes on; it need not, if the exploration is to end. */
    void beat(Strand running) {
        Apart.beat();
        if (x.outcome == null && x.stop.now()) {
            x.outcome = Execution.Outcome.STOPPED;
            x.leave(running);
        }
    }

    /** {@return who steps next, from here on by turns: the run departs here for the last time} */
    int turns(Strand strand, long menu) {
        x.fair = true;
        x.departures().add(strand.id, strand.point, Departures.TURNS);
        if (x.observer != null) {
            x.observer.departed(x, strand, "from here on all have their turns");
        }
        return Execution.nextOf(strand, menu);
    }

    /** Once over the limit all strands have turns, in order; what does not end then goes round in circles. */
    void limit() {
        if (!x.fair) {
            x.fair = true;
        } else if (x.steps < 2 * x.stepLimit) {
            return;
        } else if (x.departures().endInTurns() && (another || x.time.awaited())) {
            x.outcome = Execution.Outcome.CUT;
            x.leave(x.turns.current());
        } else {
            x.fail(Failure.livelock(x, x.stepLimit));
            x.leave(x.turns.current());
        }
    }
}
