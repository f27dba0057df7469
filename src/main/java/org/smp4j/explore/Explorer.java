package org.smp4j.explore;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Explores one program: first runs it a few times to get to know it, then as the strategy says, until something is wrong, or schedules, time or possibilities are
 * used up; then shrinks what was found, and runs it once more for the report.
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
         * Whether the exploration is to end now. Unlike the others this is asked at any time, also while a schedule runs, and by other threads.
         *
         * @return whether to end
         */
        default boolean stopped() {
            return false;
        }

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
    private static final int LOOK_EVERY = 61; // a prime, so that each part of a portfolio has its turn
    private static final int LOOKS = 16;

    private final Program program;
    private final ExploreOptions options;
    private final Progress progress;
    private final Stop stop;
    private final Coroutine.Kind kind;
    private final Runner runner;
    private final Strategy strategy;
    private final Tally tally = new Tally();
    private final Pace pace;
    private final HappensBefore happensBefore;

    private boolean complete;
    private Finding.Seen found;
    // A failing run on which a field turned out to be shared, and which did not fail when that was known.
    private Finding.Seen slipped;
    private List<Integer> shared = List.of();
    private int sharedCount;
    private int usualSteps; // of a run that goes by default
    private boolean grown; // whether a field turned out to be shared in the last run

    private Explorer(Program program, ExploreOptions options, Progress progress, Stop stop) {
        this.program = program;
        this.options = options;
        this.progress = progress;
        this.stop = stop;
        pace = new Pace(progress, stop, tally);
        kind = options.threads() ? Coroutine.Kind.THREAD : Coroutine.best();
        runner = new Runner(program, kind, options.stepLimit());
        runner.x.stop = stop;
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
        Stop stop = new Stop(progress, options.budgetNanos());
        String what = program.name() + ", strategy " + options.strategy() + ", seed " + options.seed();
        return Apart.run(what, stop, watch -> {
            Sites.forgetFields();
            Explorer explorer = new Explorer(program, options, progress, stop);
            watch.over(explorer.kind);
            return explorer.explore();
        });
    }

    /** {@return the name of the scenario that a token is about} Throws an {@link ExplorerException} if it is no token. */
    public static String scenarioOf(String token) {
        return Token.parse(token).scenario;
    }

    /**
     * Runs exactly the run that a token stands for.
     *
     * @param program the program that it is about
     * @param token the token
     * @param threads whether on threads, for a debugger
     * @param progress ends it early; the rest of it is not told
     * @return what came of it
     * @throws ExplorerException if it was ended early, or the program has changed so that this run can't be had any more; says where it differs first
     */
    public static Report replay(Program program, String token, boolean threads, Progress progress) {
        Token parsed = Token.parse(token);
        if (!parsed.scenario.equals(program.name())) {
            throw new ExplorerException("the token is about " + parsed.scenario + ", not " + program.name());
        }
        ExploreOptions options = ExploreOptions.DEFAULT.withThreads(threads).withSchedules(1).withStepLimit(parsed.limit());
        Stop stop = new Stop(progress, options.budgetNanos());
        return Apart.run("a replay of " + program.name(), stop, watch -> {
            Explorer explorer = new Explorer(program, options, progress, stop);
            watch.over(explorer.kind);
            return explorer.replay(parsed, token);
        });
    }

    private Report explore() {
        survey();
        if (found == null && program.sites() == 0) {
            throw new ExplorerException(program.name() + ": none of its code was instrumented, so nothing can be explored");
        }
        if (found == null) {
            tally.begin();
            if (strategy instanceof BoundedSearch || strategy instanceof PartialOrderSearch) {
                search();
            } else {
                sample();
            }
        }
        progress.explored(tally.distinct().numbers());
        found = found == null ? slipped : found;
        if (found != null) {
            Finding finding = new Finding(runner, found, options, stop);
            finding.conclude();
            return report(finding);
        }
        if (tally.schedules() + tally.surveyed() == 0) {
            throw new ExplorerException(program.name() + ": the time was over, or it was stopped, before its first run had ended: nothing is known of it");
        }
        return report(null);
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
        for (int i = 0; i < SURVEY && goesOn() && settled < SETTLED; i++) {
            int before = Sites.sharedCount();
            look(portfolio, i, Randomness.mix(~options.seed() + i));
            strategy.learn(x);
            portfolio.learn(x);
            settled = Sites.sharedCount() == before ? settled + 1 : 0;
        }
        if (!options.dataRaces()) {
            x.happensBefore = null;
        }
        learnConflicts(byDefault, strategy);
        Strategy turns = new TurnsStrategy();
        learnConflicts(byDefault, turns);
        for (int i = 0, most = TurnsStrategy.schedules(x); i < most && goesOn(); i++) {
            look(turns, i, Randomness.mix(~options.seed() - i));
        }
        x.locations.meetings.known();
        for (int i = 0; i < 2 && goesOn(); i++) {
            note(run(byDefault, 0, 0), 0);
            usualSteps = x.steps();
            if (i == 0) {
                first = x.hash() + 31L * x.steps();
            } else if (goesOn() && first != x.hash() + 31L * x.steps()) {
                throw new ExplorerException(program.name() + ": the same schedule ran twice and was not the same; it keeps state from one run to the next, or depends on "
                        + "something that is not under control");
            }
        }
    }

    private boolean goesOn() {
        return found == null && !stop.now();
    }

    private void learnConflicts(Strategy byDefault, Strategy learner) {
        if (goesOn()) {
            learner.learn(Conflicts.of(runner.x, () -> note(run(byDefault, 0, 0), 0)), options.seed());
        }
    }

    /** A run on which a field turned out to be shared has had no steps there before, and shows less of what it does: it is made again instead. */
    private void look(Strategy by, int schedule, long seed) {
        do {
            slip();
            note(run(by, schedule, seed), 0);
        } while (found != null && grown && !stop.now());
    }

    /** What was found is put aside: likely it is found again, now that more is known; it is not lost if not. */
    private void slip() {
        if (found != null) {
            slipped = slipped == null ? found : slipped;
            found = null;
        }
    }

    private Execution.Outcome run(Strategy by, long schedule, long seed) {
        runner.number = tally.surveying() ? 0 : schedule + 1;
        Execution.Outcome outcome = runner.run(by, schedule, seed);
        grown = runner.x.happensBefore != null && Sites.sharedCount() != sharedCount;
        return outcome;
    }

    private void sample() {
        for (long i = options.firstSchedule(); found == null && i < options.firstSchedule() + options.schedules() && !pace.isOver(); i++) {
            long seed = Randomness.mix(options.seed() * 0x9E3779B97F4A7C15L + i);
            if (EarlySearch.isDue(i, strategy, usualSteps, runner.x)) {
                searchAWhile(i);
            }
            if (i % LOOK_EVERY == LOOK_EVERY - 1) {
                lookForRaces(i, seed, false);
            } else {
                note(run(strategy, i, seed), i + 1);
                if (found == null && runner.x.locations.meetings.news()) {
                    lookForRaces(i, seed, true);
                }
            }
            if (!tally.decided() && tally.schedules() > 0) {
                return; // there is only this one
            }
        }
    }

    /**
     * A plain field may be reached without order only in runs that went wrong already, and so be found out late. Then a few schedules are made with its accesses as
     * steps, and it is forgotten again: what a schedule does depends on its number and seed alone. One that was made before is not counted again.
     */
    private void lookForRaces(long schedule, long seed, boolean again) {
        aside(() -> {
            BitSet fields = Sites.sharedFields();
            tally.survey(again);
            note(run(strategy, schedule, seed), schedule + 1);
            if (grown) {
                slip();
                tally.survey(true); // they are no schedules of their own
                lookAround(schedule, seed, fields);
            }
        });
    }

    private void searchAWhile(long schedule) {
        aside(() -> {
            tally.survey(true);
            EarlySearch search = new EarlySearch(runner.x);
            for (Strategy next = search.next(); goesOn() && next != null; next = search.next()) {
                note(run(next, schedule, 0), schedule + 1);
                if (grown) {
                    slip();
                    search.again();
                }
            }
            search.end();
        });
    }

    /** The plain fields that turn out to be shared meanwhile are known as such afterwards only if something was found. */
    private void aside(Runnable looks) {
        HappensBefore before = runner.x.happensBefore;
        List<Integer> known = Sites.sharedCount() == sharedCount ? shared : Sites.shared();
        runner.x.happensBefore = happensBefore;
        looks.run();
        if (found == null && Sites.sharedCount() != known.size()) {
            Sites.share(known);
            remember();
        }
        tally.survey(false);
        runner.x.happensBefore = before;
    }

    /** The run that was just made has shown more fields: around it what comes of them is looked for, and of those that this shows, and so on. */
    private void lookAround(long schedule, long seed, BitSet known) {
        for (int rounds = 0; rounds < LOOKS && grown && goesOn(); rounds++) {
            BitSet more = Sites.sharedFields();
            more.andNot(known);
            known.or(more);
            Strategy around = new AroundStrategy(runner.x.departures().copy(), more);
            grown = false;
            for (int i = 0; i < LOOKS && !grown && goesOn(); i++) {
                note(run(around, schedule, Randomness.mix(seed + i)), schedule + 1);
                if (grown) {
                    slip();
                }
            }
        }
    }

    /** Which plain fields are known to be shared, so that the next run begins with. */
    private void remember() {
        sharedCount = Sites.sharedCount();
        shared = List.copyOf(Sites.shared());
    }

    private void search() {
        Execution x = runner.x;
        for (boolean again = true; again && found == null;) {
            again = false; // fields that turn out to be shared on the way change what a step is: the search begins anew
            x.happensBefore = happensBefore;
            Strategy search = Strategies.of(options.strategy());
            x.observer = search instanceof Observer observer ? observer : null;
            complete = true;
            while (complete && (search instanceof BoundedSearch bounded ? bounded.advance() : ((PartialOrderSearch) search).advance(x))) {
                if (tally.made() >= options.schedules() || pace.isOver()) {
                    complete = false;
                    break;
                }
                Execution.Outcome outcome = run(search, tally.schedules(), 0);
                note(outcome, tally.schedules() + 1);
                if (grown) {
                    slip();
                    again = true;
                    tally.again();
                    break;
                }
                complete = found == null && outcome != Execution.Outcome.STOPPED;
            }
            x.observer = null;
            x.happensBefore = options.dataRaces() ? happensBefore : null;
        }
        complete &= tally.cut() == 0;
    }

    private void note(Execution.Outcome outcome, long schedule) {
        Execution x = runner.x;
        List<Integer> known = shared;
        if (grown) {
            remember();
        }
        if (outcome == Execution.Outcome.PRUNED || outcome == Execution.Outcome.STOPPED) {
            return;
        }
        tally.add(x, outcome);
        if (outcome == Execution.Outcome.FAILED) {
            boolean race = x.failure().rule().equals(Failure.DATA_RACE);
            found = new Finding.Seen(x.failure(), x.departures().copy(), grown ? known : shared, race ? Token.Watch.RACES : grown ? Token.Watch.FIELDS : Token.Watch.NOTHING,
                    schedule);
        }
    }

    private Report report(Finding finding) {
        List<String> notes = new ArrayList<>();
        if (finding == null || finding.token() == null) {
            happensBefore.races().values().stream().map(race -> "data race on " + race).sorted().forEach(notes::add);
        }
        if (finding != null) {
            notes.addAll(finding.notes());
        } else if (tally.remark() != null) {
            notes.add(tally.remark());
        }
        notes.addAll(Unseen.notes(program, strategy instanceof PartialOrderSearch || strategy instanceof BoundedSearch, finding == null));
        return tally.report(program, strategy, runner.x, options, kind, complete, finding, notes);
    }

    private Report replay(Token token, String text) {
        Execution x = runner.x;
        x.surroundings.reductions = token.reductions;
        x.happensBefore = token.watch == Token.Watch.NOTHING ? null : new HappensBefore(token.watch == Token.Watch.RACES);
        runner.fix(token.shared);
        runner.record(token.departures, new Recording()); // classes are initialized
        Token now = runner.record(token.departures, new Recording());
        if (stop.now()) {
            throw new ExplorerException(program.name() + ": it was stopped before the run that the token stands for had been made");
        }
        token.mustBe(now);
        shared = token.shared;
        tally.begin();
        note(x.failure() == null ? Execution.Outcome.COMPLETE : Execution.Outcome.FAILED, 1);
        if (found == null) {
            return report(null);
        }
        Finding finding = Finding.replayed(runner, token, options);
        return report(finding).withToken(text);
    }
}
