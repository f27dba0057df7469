package org.smp4j.trace.explored;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.run.Program;
import org.smp4j.explore.run.Run;
import org.smp4j.trace.event.TraceData;
import org.smp4j.trace.event.TraceEvent;
import org.smp4j.weave.Weave;

/** The trace of an explored run: made by running it once more from its token. Times are the numbers of steps. */
public final class RunTrace {
    private final List<TraceEvent> events = new ArrayList<>();
    private int nrCpus = 1;

    private RunTrace() {
    }

    /**
     * The trace of a run.
     *
     * @param program the program that the token is about
     * @param token the token
     * @param progress ends it early
     * @return the events from where the exploration began, without the boot of the machine
     * @throws ExplorerException if it can't be made; or the program emits no event, as it has no machine
     */
    public static TraceData of(Program program, String token, Explorer.Progress progress) {
        RunTrace trace = new RunTrace();
        Failure failure = Explorer.trace(program.traced(weave()), token, trace::take, progress).failure();
        if (trace.events.isEmpty()) {
            throw new ExplorerException(program.name() + ": the run has no event to trace: tracepoints are those of "
                    + "the kernel, and it makes no machine");
        }
        List<Long> emitted = new ArrayList<>();
        for (int cpu = 0; cpu < trace.nrCpus; cpu++) {
            int of = cpu;
            emitted.add(trace.events.stream().filter(event -> event.cpu() == of).count());
        }
        return new TraceData(trace.nrCpus, TraceData.Clock.STEPS, trace.events, emitted,
                Collections.nCopies(trace.nrCpus, 0L), failure == null ? null
                : "failed: " + failure.message().lines().findFirst().orElse(""));
    }

    /** {@return the edits that let a program give its events away} */
    public static Weave weave() {
        return ExploredTrace.weave();
    }

    private void take(Run x, Object event) {
        switch (event) {
            case Integer cpus -> nrCpus = Math.max(nrCpus, cpus);
            case TraceEvent each when x.inStretch() -> events.add(new TraceEvent(each.cpu(), x.steps(), each.pid(),
                    each.comm(), each.context(), each.type(), each.values()));
            default -> { }
        }
    }
}
