package org.smp4j.explore.replay;

import java.util.Map;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.detect.HappensBefore;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.report.Recording;
import org.smp4j.explore.report.RunRecord;
import org.smp4j.explore.run.Program;

/** Makes the run that a token stands for once more, and records it for a picture. */
public final class RunRecorder {
    /**
     * A run.
     *
     * @param failure its failure
     * @param run the run
     */
    public record Recorded(Failure failure, RunRecord run) {
    }

    private RunRecorder() {
    }

    /**
     * Makes the run.
     *
     * @param program the program that the token is about
     * @param token the token
     * @param explains whether to find out as well what becomes of the run without each of its departures
     * @return the run
     * @throws ExplorerException if the program has changed so that the run does not fail any more
     */
    public static Recorded record(Program program, Token token, boolean explains) {
        Runner runner = new Runner(program.withValues(), Coroutine.best(), token.limit());
        runner.under(token.memory, token.leeway);
        runner.x.environment.reductions = token.reductions;
        runner.x.happensBefore = token.watch == Token.Watch.NOTHING ? null
                : new HappensBefore(token.watch == Token.Watch.RACES);
        runner.fix(token.shared);
        runner.record(token.departures, new Recording()); // classes are initialized
        Recording recording = Recording.withState();
        runner.record(token.departures, recording);
        Failure failure = runner.x.failure();
        if (failure == null) {
            throw new ExplorerException("the run of the token does not fail any more: the program has changed");
        }
        recording.failed(failure.rule());
        Map<Integer, String> necessity = explains
                ? Necessity.of(runner, token.departures, failure.rule(), recording) : Map.of();
        return new Recorded(failure, RunRecord.of(recording, necessity));
    }
}
