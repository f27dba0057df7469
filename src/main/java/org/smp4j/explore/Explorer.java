package org.smp4j.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Explores one program: first runs it a few times to get to know it, then as the strategy says, until something is wrong, or the schedules, the time or the
 * possibilities are used up; then shrinks what was found, and runs it once more for the report.
 */
public final class Explorer {
    /** Is told how an exploration gets on; called between schedules. */
    @FunctionalInterface
    public interface Progress {
        /** Nobody listens. */
        Progress NONE = (schedules, distinct, steps) -> true;

        /**
         * So far.
         *
         * @param schedules how many
         * @param distinct how many different ones
         * @param steps how many steps
         * @return whether to go on
         */
        boolean at(long schedules, long distinct, long steps);

        /**
         * All schedules have been made.
         *
         * @param fingerprints a number for each that differs from the others, so that several explorations can be added up
         */
        default void explored(long[] fingerprints) {
        }
    }

    private static final int SURVEY = 48;
    private static final int SETTLED = 5; // runs in which no other plain field turned out to be shared
    private static final int LOOK_MASK = 0x3f;
    private static final int LOOKS = 16;
    private static final int PROGRESS_MASK = 0x3f;
    private static final int MOST_UNREPORTED = 100_000; // steps
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private final Program program;
    private final ExploreOptions options;
    private final Progress progress;
    private final Coroutine.Kind kind;
    private final Runner runner;
    private final Strategy strategy;
    private final Distinct distinct = new Distinct();
    private final HappensBefore happensBefore;

    private long schedules;
    private long steps;
    private long reported;
    private int longest;
    private long cut;
    private long decisions;
    private boolean complete;
    private Failure failure;
    private Departures failing;
    private long failedSchedule;
    private String seenFirst; // the rule, where a smaller run that breaks another is reported

    private Explorer(Program program, ExploreOptions options, Progress progress) {
        this.program = program;
        this.options = options;
        this.progress = progress;
        kind = options.threads() ? Coroutine.Kind.THREAD : Coroutine.best();
        runner = new Runner(program, kind, options.stepLimit());
        strategy = Strategies.of(options.strategy());
        happensBefore = new HappensBefore(options.dataRaces());
    }

    /**
     * Explores. One exploration at a time in a JVM; others wait.
     *
     * @param program what
     * @param options how
     * @param progress is told about it
     * @return what came of it
     * @throws ExplorerException if it can't be explored, or nothing was
     */
    public static Report explore(Program program, ExploreOptions options, Progress progress) {
        ONE_AT_A_TIME.lock();
        try (Hang watch = new Hang(program.name() + ", strategy " + options.strategy() + ", seed " + options.seed())) {
            Sites.unshareAll();
            Explorer explorer = new Explorer(program, options, progress);
            watch.over(explorer.runner.x);
            return explorer.explore();
        } finally {
            Hooks.forgetHandles();
            ONE_AT_A_TIME.unlock();
        }
    }

    /**
     * The scenario that a token is about.
     *
     * @param token a token
     * @return the scenario's name
     * @throws ExplorerException if it is none
     */
    public static String scenarioOf(String token) {
        return Token.parse(token).scenario;
    }

    /**
     * Runs exactly the run that a token stands for.
     *
     * @param program the program that it is about
     * @param token the token
     * @param threads whether on threads, for a debugger
     * @return what came of it
     * @throws ExplorerException if the program has changed so that this run can't be had any more; says where it differs first
     */
    public static Report replay(Program program, String token, boolean threads) {
        ONE_AT_A_TIME.lock();
        try (Hang watch = new Hang(token)) {
            Token parsed = Token.parse(token);
            if (!parsed.scenario.equals(program.name())) {
                throw new ExplorerException("the token is about " + parsed.scenario + ", not " + program.name());
            }
            Sites.share(parsed.shared);
            Explorer explorer = new Explorer(program, ExploreOptions.DEFAULT.withThreads(threads).withSchedules(1), Progress.NONE);
            watch.over(explorer.runner.x);
            return explorer.replay(parsed, token);
        } finally {
            Hooks.forgetHandles();
            ONE_AT_A_TIME.unlock();
        }
    }

    // ---- exploring

    private Report explore() {
        long end = options.budgetNanos() == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + options.budgetNanos();
        survey();
        if (program.sites() == 0) {
            throw new ExplorerException(program.name() + ": none of its code was instrumented, so nothing can be explored");
        }
        boolean exhaustive = strategy instanceof BoundedSearch || strategy instanceof PartialOrderSearch;
        if (failure == null) {
            if (exhaustive) {
                search(end);
            } else {
                sample(end);
            }
        }
        progress.explored(distinct.numbers());
        if (failure == null && decisions == 0) {
            throw new ExplorerException(program.name() + ": there was nothing to decide in any schedule; does it start threads, and do they share anything?");
        }
        if (failure == null && !exhaustive && schedules > 100 && distinct.count() == 1) {
            throw new ExplorerException(program.name() + ": all " + schedules + " schedules were the same");
        }
        return failure == null ? report(null, 0, null, List.of()) : failed();
    }

    /** Gets to know the program: its classes are loaded, the plain fields that strands share are found, strategies learn its size. */
    private void survey() {
        Execution x = runner.x;
        x.happensBefore = happensBefore;
        Strategy byDefault = new ReplayStrategy(new Departures());
        look(byDefault, 0, 0);
        long first = -1;
        Strategy portfolio = new Portfolio();
        learnConflicts(byDefault, portfolio);
        int settled = 0;
        for (int i = 0; i < SURVEY && failure == null && settled < SETTLED; i++) {
            int shared = Sites.sharedCount();
            look(portfolio, i, Randomness.mix(~options.seed() + i));
            strategy.learn(x);
            portfolio.learn(x);
            settled = Sites.sharedCount() == shared ? settled + 1 : 0;
        }
        if (failure != null) {
            return;
        }
        if (!options.dataRaces()) {
            x.happensBefore = null;
        } else if (!happensBefore.races().isEmpty()) {
            failure = race();
            failing = x.departures().copy();
            return;
        }
        learnConflicts(byDefault, strategy);
        for (int i = 0; i < 2 && failure == null; i++) {
            note(runner.run(byDefault, 0, 0), 0);
            if (i == 0) {
                first = x.hash() + 31L * x.steps();
            } else if (failure == null && first != x.hash() + 31L * x.steps()) {
                throw new ExplorerException(program.name() + ": the same schedule ran twice and was not the same; it keeps state from one run to the next, or depends on "
                        + "something that is not under control");
            }
        }
        schedules = 0;
        steps = 0;
        cut = 0;
    }

    private void learnConflicts(Strategy byDefault, Strategy learner) {
        if (failure == null) {
            Conflicts conflicts = new Conflicts();
            runner.x.observer = conflicts;
            note(runner.run(byDefault, 0, 0), 0);
            runner.x.observer = null;
            conflicts.conclude(runner.x);
            learner.learn(conflicts, options.seed());
        }
    }

    /** A run on which a field turned out to be shared has had no steps there before: its failure could not be had again, so the run is made again instead. */
    private void look(Strategy by, int schedule, long seed) {
        int shared;
        do {
            shared = Sites.sharedCount();
            failure = null;
            note(runner.run(by, schedule, seed), 0);
        } while (failure != null && Sites.sharedCount() != shared);
    }

    private Failure race() {
        List<String> all = happensBefore.races().values().stream().map(HappensBefore.Race::toString).toList();
        return new Failure("data race", all.getFirst(), all.subList(1, all.size()), null);
    }

    private void sample(long end) {
        for (long i = options.firstSchedule(); failure == null && i < options.firstSchedule() + options.schedules(); i++) {
            long seed = Randomness.mix(options.seed() * 0x9E3779B97F4A7C15L + i);
            if ((i & LOOK_MASK) == LOOK_MASK) {
                lookForRaces(i, seed);
            } else {
                note(runner.run(strategy, i, seed), i + 1);
            }
            if (over(end)) {
                break;
            }
        }
    }

    /**
     * A plain field may be reached without order only in runs that went wrong already, and so be found out late. Then a few schedules are made with its accesses as
     * steps, and it is forgotten again: what a schedule does depends on its number and seed alone.
     */
    private void lookForRaces(long schedule, long seed) {
        Execution x = runner.x;
        List<Integer> known = Sites.shared();
        HappensBefore before = x.happensBefore;
        x.happensBefore = happensBefore;
        Execution.Outcome outcome = runner.run(strategy, schedule, seed);
        x.happensBefore = before;
        if (Sites.sharedCount() == known.size()) {
            note(outcome, schedule + 1);
            return;
        }
        for (int i = 0; i < LOOKS && failure == null; i++) {
            note(runner.run(strategy, schedule + i, Randomness.mix(seed + i)), schedule + 1);
        }
        if (failure == null) {
            Sites.share(known);
        }
    }

    private void search(long end) {
        Execution x = runner.x;
        for (boolean again = true; again && failure == null;) {
            // Fields that turn out to be shared on the way change what a step is: the search begins anew.
            again = false;
            int shared = Sites.sharedCount();
            x.happensBefore = happensBefore;
            Strategy search = Strategies.of(options.strategy());
            x.observer = search instanceof Observer observer ? observer : null;
            complete = true;
            while (advance(search)) {
                if (schedules >= options.schedules() || over(end)) {
                    complete = false;
                    break;
                }
                note(runner.run(search, schedules, 0), schedules + 1);
                if (Sites.sharedCount() != shared) {
                    again = true;
                    failure = null;
                    schedules = 0;
                    cut = 0;
                    break;
                }
                if (failure != null) {
                    complete = false;
                    break;
                }
            }
            x.observer = null;
            x.happensBefore = options.dataRaces() ? happensBefore : null;
        }
        complete &= cut == 0;
    }

    private boolean advance(Strategy search) {
        return search instanceof BoundedSearch bounded ? bounded.advance() : ((PartialOrderSearch) search).advance(runner.x);
    }

    private boolean over(long end) {
        if ((schedules & PROGRESS_MASK) == 0 || steps - reported > MOST_UNREPORTED) {
            reported = steps;
            return !progress.at(schedules, distinct.count(), steps) || end != Long.MAX_VALUE && System.nanoTime() - end > 0;
        }
        return false;
    }

    private void note(Execution.Outcome outcome, long schedule) {
        Execution x = runner.x;
        if (outcome == Execution.Outcome.PRUNED) {
            return;
        }
        schedules++;
        steps += x.steps();
        longest = Math.max(longest, x.steps());
        decisions += x.decisions();
        distinct.add(x.hash());
        cut += outcome == Execution.Outcome.CUT ? 1 : 0;
        boolean failed = outcome == Execution.Outcome.FAILED;
        boolean races = outcome == Execution.Outcome.COMPLETE && options.dataRaces() && x.happensBefore != null && !happensBefore.races().isEmpty();
        if (failed || races) {
            failure = failed ? x.failure() : race();
            failing = x.departures().copy();
            failedSchedule = Math.max(schedule, 1);
        }
    }

    // ---- what was found

    private Report failed() {
        String found = failure.rule();
        runner.x.happensBefore = null;
        runner.x.observer = null;
        if (found.equals("data race")) {
            return report(null, failing.size(), null, List.of());
        }
        runner.record(failing, new Recording()).save(options.tokenFile());
        Departures small = failing;
        if (options.shrink()) {
            Shrinker shrinker = new Shrinker(runner, failing, found);
            shrinker.reduce();
            shrinker.shrink();
            small = shrinker.departures();
            seenFirst = shrinker.rule().equals(found) ? null : found;
        }
        Token token = runner.record(small, new Recording());
        token.save(options.tokenFile());
        return report(token, small.size(), found, columns(small));
    }

    private List<String> columns(Departures departures) {
        Recording recording = new Recording();
        Runner reporter = new Runner(program.withValues(), kind, options.stepLimit());
        reporter.x.surroundings.reductions = runner.x.surroundings.reductions;
        reporter.record(departures, recording);
        if (reporter.x.failure() == null) {
            // The first run of freshly loaded classes may have had steps of their initialization.
            recording = new Recording();
            reporter.record(departures, recording);
        }
        failure = reporter.x.failure() == null ? failure : reporter.x.failure();
        return new Columns(recording).lines();
    }

    private Report report(Token token, int switches, String rule, List<String> lines) {
        List<String> notes = new ArrayList<>();
        if (failure == null || rule == null) {
            happensBefore.races().values().stream().map(race -> "data race on " + race).sorted().forEach(notes::add);
        }
        if (seenFirst != null) {
            notes.add("first seen as: " + seenFirst + "; this run is smaller");
        }
        if (strategy instanceof PartialOrderSearch || strategy instanceof BoundedSearch) {
            program.unmodelled().stream().sorted().distinct().limit(20).forEach(call -> notes.add("not modelled: " + call));
        }
        return new Report(program.name(), strategy.name(), options.seed(), kind == Coroutine.Kind.CONTINUATION ? "continuations" : "threads", schedules,
                distinct.count(), !distinct.full(), steps, longest, cut, complete, Claim.of(strategy, runner.x.time, failure, complete, schedules, cut), failure, failure == null ? 0 : failedSchedule, switches,
                token == null ? null : token.toString(), lines, notes);
    }

    // ---- replaying

    private Report replay(Token token, String text) {
        Execution x = runner.x;
        Recording recording = new Recording();
        x.surroundings.reductions = token.reductions;
        x.stepLimit = Math.max(token.steps * 2 + 100, options.stepLimit());
        runner.record(token.departures, recording); // classes are initialized
        recording = new Recording();
        Token now = runner.record(token.departures, recording);
        token.mustBe(now);
        note(x.failure() == null ? Execution.Outcome.COMPLETE : Execution.Outcome.FAILED, 1);
        return report(token, token.departures.size(), "replayed", columns(token.departures)).withToken(text);
    }
}
