package org.smp4j.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.detect.HappensBefore;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.replay.LongRuns;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.replay.Token;
import org.smp4j.explore.report.Recording;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Program;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Stop;
import org.smp4j.explore.run.Strategy;
import org.smp4j.explore.search.ExhaustiveSearch;

/** One exploration in progress: it makes runs, counts them, and keeps the first one that fails. */
final class Exploration {
    final Program program;
    final ExploreOptions options;
    final Stop stop;
    final Runner runner;
    final Strategy strategy;
    final Tally tally = new Tally();
    final ProgressReports pace;
    final HappensBefore happensBefore;
    private final Explorer.Progress progress;
    Observer observer; // of all runs but those of a search; null for none

    private boolean complete;
    private Finding.Seen found;
    // A failing run that showed a field to be shared, and did not fail when repeated with that knowledge.
    private Finding.Seen slipped;
    private final LongRuns longRuns = new LongRuns();
    private List<Integer> shared = List.of();
    private int sharedCount;
    private boolean repeats; // whether the run is that of a token, whose failure was found before
    private boolean grown; // whether the last run showed a field to be shared

    Exploration(Program program, ExploreOptions options, Explorer.Progress progress, Stop stop) {
        this.program = program;
        this.options = options;
        this.progress = progress;
        this.stop = stop;
        pace = new ProgressReports(progress, stop, tally);
        runner = new Runner(program, options.threads() ? Coroutine.Kind.THREAD : Coroutine.best(), options.stepLimit());
        runner.x.stop = stop;
        runner.x.assumptions.inside = program.inside();
        runner.under(options.memory(), options.leeway());
        strategy = Strategies.of(options.strategy(), options.memory());
        happensBefore = new HappensBefore(options.dataRaces());
    }

    Coroutine.Kind kind() {
        return runner.x.kind;
    }

    /**
     * Explores.
     *
     * @param concludes whether a failure is shrunk and recorded
     */
    Report explore(boolean concludes) {
        int usualSteps = new Survey(this).make();
        if (found == null && program.sites() == 0) {
            throw new ExplorerException(program.name()
                    + ": none of its code was instrumented, so nothing can be explored");
        }
        if (found == null) {
            tally.begin();
            if (strategy instanceof ExhaustiveSearch) {
                search();
            } else {
                new Sampling(this, usualSteps).make();
            }
        }
        progress.explored(tally.distinct().numbers());
        found = found == null ? slipped : found;
        if (found != null) {
            Finding finding = new Finding(runner, found, options, stop);
            if (!concludes) {
                return report(finding, null);
            }
            finding.conclude();
            return report(finding, finding.token().toString());
        }
        if (tally.schedules() + tally.surveyed() == 0) {
            throw new ExplorerException(program.name()
                    + ": the time was over, or it was stopped, before its first run had ended: nothing is known of it");
        }
        return report(null, null);
    }

    boolean goesOn() {
        return found == null && !stop.now();
    }

    boolean hasFound() {
        return found != null;
    }

    /** {@return whether the last run showed a plain field to be shared} */
    boolean grown() {
        return grown;
    }

    /**
     * Puts the failure aside: later runs will likely find it again, now that more fields are known; if not, it is still
     * reported.
     */
    void slip() {
        if (found != null) {
            slipped = slipped == null ? found : slipped;
            found = null;
        }
    }

    /**
     * Makes a run, and keeps its result.
     *
     * @param by the strategy that decides in it
     * @param schedule the number of the schedule, from 0
     * @param seed the seed of the strategy's draws
     * @param number the number of the schedule in reports, from 1; 0 for a run before the first schedule
     */
    Outcome make(Strategy by, long schedule, long seed, long number) {
        return make(by, schedule, seed, number, observer);
    }

    Outcome make(Strategy by, long schedule, long seed, long number, Observer observer) {
        runner.number = tally.surveying() ? 0 : schedule + 1;
        return note(runner.run(by, schedule, seed, observer), number);
    }

    /** Makes the default run, and tells a strategy where its strands conflict. */
    void learnConflicts(Strategy learner) {
        if (goesOn()) {
            runner.number = tally.surveying() ? 0 : 1;
            note(runner.learnConflicts(learner, options.seed()), 0);
        }
    }

    /** Keeps the result of a run; {@return it, or that the run was cut if it is a livelock only by its steps} */
    private Outcome note(Outcome made, long schedule) {
        Execution x = runner.x;
        grown = x.happensBefore != null && Sites.sharedCount() != sharedCount;
        List<Integer> known = shared;
        if (grown) {
            remember();
        }
        if (made == Outcome.PRUNED || made == Outcome.STOPPED) {
            return made;
        }
        Outcome outcome = made == Outcome.FAILED && !repeats
                && longRuns.mayEnd(runner, grown ? known : shared, grown) ? Outcome.CUT : made;
        tally.add(x, outcome);
        if (outcome == Outcome.FAILED) {
            boolean race = x.failure().rule().equals(Failure.DATA_RACE);
            found = new Finding.Seen(x.failure(), x.departures().copy(), grown ? known : shared,
                    race ? Token.Watch.RACES : grown ? Token.Watch.FIELDS : Token.Watch.NOTHING,
                    schedule);
        }
        return outcome;
    }

    /** Remembers the shared plain fields with which the next run begins. */
    void remember() {
        sharedCount = Sites.sharedCount();
        shared = List.copyOf(Sites.shared());
    }

    /** {@return the labels of the plain fields that are known to be shared} */
    List<Integer> shared() {
        return Sites.sharedCount() == sharedCount ? shared : Sites.shared();
    }

    private void search() {
        Execution x = runner.x;
        for (boolean again = true; again && found == null;) {
            again = false; // newly shared fields change the set of steps: the search begins anew
            x.happensBefore = happensBefore;
            ExhaustiveSearch search = (ExhaustiveSearch) Strategies.of(options.strategy(), options.memory());
            complete = true;
            while (complete && search.advance(x.view)) {
                if (tally.made() >= options.schedules() || pace.isOver()) {
                    complete = false;
                    break;
                }
                Outcome outcome = make(search, tally.schedules(), 0, tally.schedules() + 1, search.observer());
                if (grown) {
                    slip();
                    again = true;
                    tally.again();
                    break;
                }
                complete = found == null && outcome != Outcome.STOPPED;
            }
            x.happensBefore = options.dataRaces() ? happensBefore : null;
        }
        complete &= tally.cut() == 0;
    }

    /** What came of it; the token is what replays the finding. Without a finding both are null. */
    private Report report(Finding finding, String token) {
        List<String> notes = new ArrayList<>();
        if (finding == null || finding.token() == null) {
            happensBefore.races().values().stream().map(race -> "data race on " + race).sorted().forEach(notes::add);
        }
        if (finding != null) {
            notes.addAll(finding.notes());
        } else if (tally.remark() != null) {
            notes.add(tally.remark());
        }
        if (longRuns.any()) {
            notes.add("a run over the step limit of " + options.stepLimit() + " may only take long: it is cut, and not "
                    + "called a livelock; a higher limit (--step-limit) may let it end");
        }
        notes.addAll(Assumptions.notes(program, strategy instanceof ExhaustiveSearch, finding == null));
        if (runner.x.weak != null) {
            notes.addAll(runner.x.weak.notes());
        }
        boolean hasFailed = finding != null;
        Failure failure = hasFailed ? finding.failure() : null;
        String claim = Conclusion.of(strategy, runner.x, failure, complete, tally.schedules(), tally.cut())
                + (complete && !hasFailed ? Assumptions.claim(program) : "");
        String strands = kind() == Coroutine.Kind.CONTINUATION ? "continuations" : "threads";
        Distinct distinct = tally.distinct();
        return new Report(program.name(), strategy.name(), options.seed(), strands, options.memory(),
                tally.surveyed(), tally.schedules(), distinct.count(), !distinct.full(),
                tally.steps(), tally.longest(), tally.cut(),
                complete, claim, failure,
                hasFailed ? finding.schedule() : 0, hasFailed ? finding.switches() : 0, token,
                hasFailed && token != null ? finding.unshrunk() : null,
                hasFailed ? finding.lines() : List.of(), notes);
    }

    /** Makes the run of a token, and passes on what the program gives away meanwhile. */
    Report trace(Token token, BiConsumer<Run, Object> events) {
        repeat(token, new Recording(events));
        return report(found == null ? null : new Finding(runner, found, options, stop), null);
    }

    private void repeat(Token token, Recording recording) {
        Execution x = runner.x;
        x.environment.reductions = token.reductions;
        x.happensBefore = token.watch == Token.Watch.NOTHING ? null
                : new HappensBefore(token.watch == Token.Watch.RACES);
        runner.fix(token.shared);
        runner.record(token.departures, new Recording()); // classes are initialized
        Token now = runner.record(token.departures, recording);
        if (stop.now()) {
            throw new ExplorerException(program.name()
                    + ": the replay was stopped before the run that the token stands for had been made");
        }
        token.mustBe(now);
        shared = token.shared;
        sharedCount = Sites.sharedCount();
        tally.begin();
        repeats = true;
        note(x.failure() == null ? Outcome.COMPLETE : Outcome.FAILED, 1);
    }

    Report replay(Token token, String text) {
        repeat(token, new Recording());
        if (found == null) {
            return report(null, null);
        }
        Finding finding = Finding.replayed(runner, token, options);
        return report(finding, text);
    }
}
