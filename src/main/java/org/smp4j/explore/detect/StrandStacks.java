package org.smp4j.explore.detect;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.Wait;

/**
 * Adds the stack traces of unfinished strands to a livelock, which has no site of its own; only of those that can go on
 * if there are any.
 */
public final class StrandStacks {
    private static final int MOST_FRAMES = 20;

    private StrandStacks() {
    }

    /** {@return the failure of a run that is over, with the stacks if it is a livelock} */
    public static Failure in(Failure failure, Run x) {
        if (!failure.rule().equals(Failure.LIVELOCK)) {
            return failure;
        }
        List<String> details = new ArrayList<>();
        WaitDescription waits = new WaitDescription(x);
        boolean loops = false; // if a strand does, the others only wait
        for (int id = 0; id < x.strandCount(); id++) {
            loops |= x.strand(id).stack().length > 0 && mayLoop(x.strand(id));
        }
        for (int id = 0; id < x.strandCount(); id++) {
            Strand strand = x.strand(id);
            if (strand.stack().length > 0) {
                details.add(waits.of(strand));
                details.addAll(loops && !mayLoop(strand) ? List.of() : lines(strand.stack()));
            }
        }
        return new Failure(failure.rule(), failure.message(), details, failure.thrown());
    }

    private static boolean mayLoop(Strand strand) {
        return strand.waitsFor() == Wait.NOTHING || strand.waitsFor() == Wait.SPIN;
    }

    private static List<String> lines(StackTraceElement... stack) {
        List<String> lines = new ArrayList<>();
        for (StackTraceElement frame : stack) {
            if (Failures.isScenarios(frame)) {
                lines.add("    " + Failures.line(frame));
            }
        }
        if (lines.size() > MOST_FRAMES) {
            lines.subList(MOST_FRAMES, lines.size()).clear();
            lines.add("    ...");
        }
        return lines;
    }
}
