package org.smp4j.explore;

/**
 * Runs that do not end, or not soon: the limit of steps, and loops without any. For those rewritten code counts its jumps backwards, in {@link Hooks#turn}, and
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

    Endless(Execution x) {
        this.x = x;
    }

    void begin() {
        strand = null;
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

    /** Once over the limit all strands have turns, in order; what does not end then goes round in circles. */
    void limit() {
        if (!x.fair) {
            x.fair = true;
        } else if (x.steps >= 2 * x.stepLimit) {
            x.fail(Failure.livelock(x, x.stepLimit));
            x.leave(x.turns.current());
        }
    }
}
