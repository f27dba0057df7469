package org.smp4j.explore.replay;

import java.util.List;
import org.smp4j.explore.detect.HappensBefore;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.Failure;

/**
 * Tells a livelock from a run that only takes long, as one that counts to a hundred thousand does: it makes the run
 * once more, and lets it go on for longer. On a machine it does not: runs that wait for a time are cut there anyhow.
 */
public final class LongRuns {
    /** So many times the step limit all strands step in turn, in this many steps at most. */
    private static final int TIMES = 50;
    private static final int MOST_STEPS = 10_000_000;
    /** After so many runs that have come to an end, others of the exploration are taken for such too. */
    private static final int MOST = 3;

    private int ended;

    /** No run yet. */
    public LongRuns() {
    }

    /** {@return whether some run over the step limit may come to an end} */
    public boolean any() {
        return ended > 0;
    }

    /**
     * {@return whether the last run, a livelock by the number of its steps, may come to an end}
     *
     * @param runner what has made it
     * @param shared the plain fields that counted as shared when it began
     * @param watched whether others were looked for
     */
    public boolean mayEnd(Runner runner, List<Integer> shared, boolean watched) {
        Execution x = runner.x;
        int times = Math.min(TIMES, MOST_STEPS / x.stepLimit);
        if (!x.failure().rule().equals(Failure.LIVELOCK) || x.interrupts.exist() || x.steps() < x.stepLimit
                || times <= 1) {
            return false;
        }
        if (ended < MOST && goesOn(runner, times, shared, watched)) {
            return false;
        }
        ended++;
        return true;
    }

    private static boolean goesOn(Runner runner, int times, List<Integer> shared, boolean watched) {
        Execution x = runner.x;
        Runner again = new Runner(runner.program, x.kind, x.stepLimit);
        again.x.stop = x.stop;
        again.x.livelocks.takeTurns(times);
        again.x.happensBefore = watched ? new HappensBefore(false) : null;
        again.x.environment.reductions = x.environment.reductions;
        again.x.assumptions.inside = x.assumptions.inside;
        again.under(x.weak == null ? MemoryModel.SC : x.weak.model(), x.time.leeway);
        again.fix(shared);
        return again.breaks(x.departures().copy(), Failure.LIVELOCK);
    }
}
