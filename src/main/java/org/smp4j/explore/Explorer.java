package org.smp4j.explore;

import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.replay.RunRecorder;
import org.smp4j.explore.replay.Token;
import org.smp4j.explore.report.ReportForm;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Program;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Stop;

/**
 * Explores one program. It first makes a few runs to get to know the program, and then runs the schedules of the
 * strategy until one fails, or the schedules, the time or the possibilities are used up. It shrinks a failure, and runs
 * it once more for the report.
 */
public final class Explorer {
    /** Receives the progress of an exploration, between schedules. */
    @FunctionalInterface
    public interface Progress {
        /** Ignores the progress. */
        Progress NONE = (schedules, distinct, steps) -> true;

        /**
         * Reports the progress so far.
         *
         * @param schedules the number of schedules
         * @param distinct the number of distinct schedules
         * @param steps the number of steps
         * @return whether to go on
         */
        boolean at(long schedules, long distinct, long steps);

        /**
         * Whether the exploration is to end now. Unlike the other methods this one is called at any time, also during a
         * schedule, and by other threads.
         *
         * @return whether to end
         */
        default boolean stopped() {
            return false;
        }

        /**
         * Reports that all schedules have been made.
         *
         * @param fingerprints a number for each distinct schedule, so that the counts of several explorations can be
         * combined
         */
        default void explored(long[] fingerprints) {
        }
    }

    private Explorer() {
    }

    /**
     * Explores a program. There is one exploration at a time in a JVM; others wait.
     *
     * @param program what
     * @param options how
     * @param progress is told about it
     * @return what came of it
     * @throws ExplorerException if it can't be explored, or nothing was
     */
    public static Report explore(Program program, ExploreOptions options, Progress progress) {
        return explore(program, options, progress, null, true);
    }

    /**
     * As {@link #explore(Program, ExploreOptions, Progress)}, with an observer of the runs before the first schedule
     * and of all schedules but those of a search. Which runs are made may depend on whether there is one.
     *
     * @param program what
     * @param options how
     * @param progress is told about it
     * @param observer sees the steps, or null
     * @return what came of it
     */
    public static Report explore(Program program, ExploreOptions options, Progress progress, Observer observer) {
        return explore(program, options, progress, observer, true);
    }

    /**
     * As {@link #explore(Program, ExploreOptions, Progress)}, but a failure is neither shrunk nor recorded: the report
     * has no token and no columns. For one of many programs, of which only the last is shown.
     *
     * @param program what
     * @param options how
     * @param progress is told about it
     * @return what came of it
     */
    public static Report probe(Program program, ExploreOptions options, Progress progress) {
        return probe(program, options, progress, null);
    }

    /**
     * As {@link #probe(Program, ExploreOptions, Progress)}, with an observer of the runs before the first schedule and
     * of all schedules but those of a search.
     *
     * @param program what
     * @param options how
     * @param progress is told about it
     * @param observer sees the steps, or null
     * @return what came of it
     */
    public static Report probe(Program program, ExploreOptions options, Progress progress, Observer observer) {
        return explore(program, options, progress, observer, false);
    }

    private static Report explore(Program program, ExploreOptions options, Progress progress, Observer observer,
            boolean concludes) {
        Stop stop = new Stop(progress::stopped, options.budgetNanos());
        String what = program.name() + ", strategy " + options.strategy() + ", seed " + options.seed();
        return ExplorationThread.run(what, stop, watch -> {
            Sites.forgetFields();
            Exploration exploration = new Exploration(program, options, progress, stop);
            exploration.observer = observer;
            watch.over(exploration.kind());
            return exploration.explore(concludes);
        });
    }

    /**
     * {@return the name of the scenario that a token is about} Throws an {@link ExplorerException} if it is no token.
     */
    public static String scenarioOf(String token) {
        return Token.parse(token).scenario;
    }

    /** {@return the packages and classes of the JDK within whose calls the run of a token switches, by name} */
    public static Set<String> insideOf(String token) {
        return Token.parse(token).inside;
    }

    /** {@return the libraries that are rewritten for the run of a token, by name} */
    public static Set<String> librariesOf(String token) {
        return Token.parse(token).libraries;
    }

    /**
     * Runs exactly the run that a token stands for.
     *
     * @param program the program that it is about
     * @param token the token
     * @param threads whether on threads, for a debugger
     * @param progress ends it early; the rest of it is not told
     * @return what came of it
     * @throws ExplorerException if it was ended early, or the program has changed so that this run can't be had any
     * more; says where it differs first
     */
    public static Report replay(Program program, String token, boolean threads, Progress progress) {
        return replay(program, token, threads, ReportForm.DEFAULT, progress);
    }

    /**
     * As {@link #replay(Program, String, boolean, Progress)}, with a form of the report.
     *
     * @param program the program that it is about
     * @param token the token
     * @param threads whether on threads, for a debugger
     * @param form how the report shows the run
     * @param progress ends it early; the rest of it is not told
     * @return what came of it
     */
    public static Report replay(Program program, String token, boolean threads, ReportForm form, Progress progress) {
        return repeat("a replay of ", program, Token.parse(token), threads, form, progress,
                (exploration, parsed) -> exploration.replay(parsed, token));
    }

    /**
     * Makes the run that a token stands for, and passes on what the program gives away meanwhile.
     *
     * @param program the program that it is about
     * @param token the token
     * @param events gets the run at that moment, and the event
     * @param progress ends it early; the rest of it is not told
     * @return what came of it; without columns
     * @throws ExplorerException as {@link #replay}
     */
    public static Report trace(Program program, String token, BiConsumer<Run, Object> events, Progress progress) {
        return repeat("a trace of ", program, Token.parse(token), false, ReportForm.DEFAULT, progress,
                (exploration, parsed) -> exploration.trace(parsed, events));
    }

    private static Report repeat(String what, Program program, Token token, boolean threads, ReportForm form,
            Progress progress, BiFunction<Exploration, Token, Report> how) {
        if (!token.scenario.equals(program.name())) {
            throw new ExplorerException("the token is about " + token.scenario + ", not " + program.name());
        }
        if (!token.inside.equals(program.inside())) {
            throw new ExplorerException("the token is of an exploration inside " + names(token.inside)
                    + ", and " + program.name() + " is loaded to be explored inside " + names(program.inside()));
        }
        if (!token.libraries.equals(program.libraries())) {
            throw new ExplorerException("the token is of an exploration that rewrites " + rewritten(token.libraries)
                    + ", and " + program.name() + " is loaded to rewrite " + rewritten(program.libraries()));
        }
        ExploreOptions options = ExploreOptions.DEFAULT.withThreads(threads).withSchedules(1)
                .withStepLimit(token.limit()).withMemory(token.memory).withLeeway(token.leeway)
                .withForm(form);
        Stop stop = new Stop(progress::stopped, options.budgetNanos());
        return ExplorationThread.run(what + program.name(), stop, watch -> {
            Exploration exploration = new Exploration(program, options, progress, stop);
            watch.over(exploration.kind());
            return how.apply(exploration, token);
        });
    }

    private static String rewritten(Set<String> libraries) {
        return libraries.isEmpty() ? "no further library" : String.join(", ", libraries);
    }

    private static String names(Set<String> inside) {
        return inside.isEmpty() ? "no class of the JDK" : String.join(", ", inside);
    }

    /**
     * Makes a failing run once more, and records it for a picture.
     *
     * @param program the program that the token is about
     * @param token the token
     * @param explains whether to find out as well what becomes of the run without each of its departures
     * @param progress ends it early
     * @return the run
     * @throws ExplorerException if it was ended early, or the program has changed so that the run does not fail
     */
    public static RunRecorder.Recorded record(Program program, String token, boolean explains, Progress progress) {
        Stop stop = new Stop(progress::stopped, Long.MAX_VALUE);
        AtomicReference<RunRecorder.Recorded> recorded = new AtomicReference<>();
        ExplorationThread.run("a picture of " + program.name(), stop, watch -> {
            watch.over(Coroutine.best());
            recorded.set(RunRecorder.record(program, Token.parse(token), explains));
            return null;
        });
        return recorded.get();
    }
}
