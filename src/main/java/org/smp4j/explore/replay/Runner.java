package org.smp4j.explore.replay;

import java.util.List;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.detect.Failures;
import org.smp4j.explore.detect.HappensBefore;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.Refusal;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.memory.WeakMemory;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.HostException;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.report.Recording;
import org.smp4j.explore.run.Conflicts;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Program;
import org.smp4j.explore.run.Strategy;

/** Runs one program again and again. */
public final class Runner {
    private static final String MAIN_NAME = "main";
    private static final Thread MAIN = new Thread(() -> {
    }, MAIN_NAME);

    private static final int MOST_CAUSES = 10;

    /** The program. */
    public final Program program;
    /** The execution that makes its runs. */
    public final Execution x;
    // The plain fields that count as shared at the beginning of each run; null for all that runs have shown so far.
    private List<Integer> known;
    private int knownCount = -1;
    private final Runnable body;

    /**
     * In place of a number, while a failure is shrunk: a refusal then only rules out the candidate, and keeps the
     * failure.
     */
    static final long SHRINKING = -1;

    // The number of the next schedule, from 1; 0 for a run that is not counted.
    public long number;

    /** Makes a runner, with the kind of coroutine and the step limit of its runs. */
    public Runner(Program program, Coroutine.Kind kind, int stepLimit) {
        this.program = program;
        x = new Execution(kind);
        x.stepLimit = stepLimit;
        x.locations.fields.from(program::root);
        body = () -> {
            try {
                program.run();
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new Thrown(e);
            }
        };
    }

    /** Carries a checked exception out of a scenario. */
    static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Thrown(Throwable cause) {
            super(cause);
        }
    }

    /** Chooses the memory model of the runs, and what else may differ. */
    public void under(MemoryModel memory, Leeway leeway) {
        x.time.leeway = leeway;
        x.weak = memory == MemoryModel.SC ? null : new WeakMemory(memory, leeway, x.view);
    }

    /**
     * Makes each run begin with exactly these shared plain fields, so that a repeated run is the same, whatever races
     * it finds.
     */
    public void fix(List<Integer> fields) {
        known = fields;
        knownCount = -1;
    }

    /** Makes a run with an observer. */
    public Outcome run(Strategy strategy, long schedule, long seed, Observer observer) {
        x.observer = observer;
        try {
            return run(strategy, schedule, seed);
        } finally {
            x.observer = null;
        }
    }

    /** Makes the default run, and tells a strategy where its strands conflict. */
    public Outcome learnConflicts(Strategy learner, long seed) {
        Conflicts conflicts = new Conflicts();
        Outcome outcome = run(new ReplayStrategy(new Departures()), 0, 0, conflicts);
        conflicts.conclude(x.view);
        learner.learn(conflicts, seed);
        return outcome;
    }

    /** Makes a run. */
    public Outcome run(Strategy strategy, long schedule, long seed) {
        Thread here = Thread.currentThread();
        ClassLoader context = here.getContextClassLoader();
        try {
            return runOnce(strategy, schedule, seed);
        } finally {
            here.setContextClassLoader(context); // the run has set the program's
        }
    }

    /** The last run may have changed it. */
    private static void renewMain() {
        MAIN.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        MAIN.setUncaughtExceptionHandler(null);
        if (!MAIN.getName().equals(MAIN_NAME)) {
            MAIN.setName(MAIN_NAME);
        }
        if (MAIN.getPriority() != Thread.NORM_PRIORITY) {
            MAIN.setPriority(Thread.NORM_PRIORITY);
        }
    }

    private Outcome runOnce(Strategy strategy, long schedule, long seed) {
        program.restoreStatics();
        renewMain();
        if (known != null && Sites.sharedCount() != knownCount) {
            Sites.share(known);
            knownCount = Sites.sharedCount();
        }
        if (x.happensBefore != null) {
            x.happensBefore.begin();
        }
        Outcome outcome = x.run(MAIN, body, strategy, schedule, seed);
        if (x.refusal.hasLearned()) {
            throw new Refusal.Again();
        }
        if (x.refusal.shortage() != null) {
            throw HostException.of(x.refusal.shortage());
        }
        if (x.refusal.why() != null && number == SHRINKING) {
            return Outcome.CUT;
        }
        if (x.refusal.why() != null) {
            throw new ExplorerException(x.refusal.why() + "; "
                    + (number == 0 ? "met while getting to know the program" : "met in schedule " + number));
        }
        if (x.failure() != null) {
            unlessRefused(x.failure().thrown());
        }
        if (outcome == Outcome.COMPLETE || outcome == Outcome.FAILED) {
            x.failure = program.judge(x.failure);
            outcome = x.failure == null ? Outcome.COMPLETE : Outcome.FAILED;
            x.outcome = outcome;
        }
        if (outcome == Outcome.COMPLETE && x.happensBefore != null && x.happensBefore.asked
                && !x.happensBefore.races().isEmpty()) {
            x.outcome = null; // the run ended, but shows a failure
            x.fail(Failures.races(x.happensBefore.races().values()));
            return x.outcome;
        }
        return outcome;
    }

    /**
     * Throws if a class can't be loaded, or the JVM rejects a woven or rewritten class: that is no failure of the
     * scenario.
     */
    private static void unlessRefused(Throwable thrown) {
        int depth = 0;
        for (Throwable e = thrown; e != null && depth < MOST_CAUSES; e = e.getCause(), depth++) {
            if (e instanceof ExplorerException refused) {
                throw refused;
            }
            if (e instanceof VerifyError || e instanceof ClassFormatError) {
                throw new ExplorerException("the JVM refuses a class of the program, or its rewritten form: "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
            }
        }
    }

    /** {@return whether the run with these departures breaks the rule} */
    public boolean breaks(Departures departures, String rule) {
        Outcome outcome = run(new ReplayStrategy(departures), 0, 0);
        return outcome == Outcome.FAILED && x.failure().rule().equals(rule);
    }

    /** Makes the run with these departures once more, and records it. */
    public Token record(Departures departures, Recording recording) {
        number = 0;
        x.observer = recording;
        x.stacks = true;
        run(new ReplayStrategy(departures), 0, 0);
        x.observer = null;
        x.stacks = false;
        HappensBefore before = x.happensBefore;
        Token.Watch watch = before == null ? Token.Watch.NOTHING : before.asked
                ? Token.Watch.RACES : Token.Watch.FIELDS;
        return new Token(program.name(), x.departures().copy(), recording.labels(), x.environment.reductions,
                x.steps(), x.hash() & 0xffffff,
                known != null ? known : List.copyOf(Sites.shared()), x.stepLimit, watch,
                x.weak == null ? MemoryModel.SC : x.weak.model(), x.time.leeway,
                program.inside(), program.libraries());
    }
}
