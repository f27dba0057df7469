package org.smp4j.explore;

import java.util.ArrayList;
import java.util.List;

/** Where the strands stand that have not ended, frame by frame: for what has no end, and so no place of its own. */
final class Stacks {
    private static final int MOST_FRAMES = 20;

    private Stacks() {
    }

    /** {@return the failure of a run that is over, with the stacks if it is one that needs them} */
    static Failure in(Failure failure, Execution x) {
        if (!failure.rule().equals(Failure.LIVELOCK)) {
            return failure;
        }
        List<String> details = new ArrayList<>();
        Waits waits = new Waits(x);
        for (Strand strand : x.strands()) {
            if (!strand.finished && !strand.coroutine.finished) {
                details.add(waits.of(strand));
                details.addAll(lines(strand.coroutine.stack()));
            }
        }
        return new Failure(failure.rule(), failure.message(), details, failure.thrown());
    }

    private static List<String> lines(StackTraceElement... stack) {
        List<String> lines = new ArrayList<>();
        for (StackTraceElement frame : stack) {
            if (Failure.isScenarios(frame)) {
                lines.add("    " + Failure.line(frame));
            }
        }
        if (lines.size() > MOST_FRAMES) {
            lines.subList(MOST_FRAMES, lines.size()).clear();
            lines.add("    ...");
        }
        return lines;
    }
}
