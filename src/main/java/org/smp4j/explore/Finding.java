package org.smp4j.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.smp4j.explore.detect.HappensBefore;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.repair.MissingOrdering;
import org.smp4j.explore.replay.Necessity;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.replay.Shrinker;
import org.smp4j.explore.replay.Token;
import org.smp4j.explore.report.Columns;
import org.smp4j.explore.report.Recording;
import org.smp4j.explore.report.Story;
import org.smp4j.explore.run.Program;
import org.smp4j.explore.run.Stop;
import org.smp4j.explore.search.ExhaustiveSearch;

/**
 * A failing run on its way into the report: it is made again, shrunk and recorded. Whatever goes wrong meanwhile, the
 * failure is reported.
 */
final class Finding {
    /**
     * The original run.
     *
     * @param failure its failure
     * @param departures its departures
     * @param shared the plain fields that were known to be shared when it began
     * @param watch what was checked meanwhile
     * @param schedule its number, from 1; 0 if it came before the first
     */
    record Seen(Failure failure, Departures departures, List<Integer> shared, Token.Watch watch, long schedule) {
    }

    private static final int MOST_DEPARTURES = 4; // of a search with a repair
    // The lowest step limit to try for a livelock, and how many times higher a limit is than a run that ends, and than
    // the limit that was tried before.
    private static final int FEW_STEPS = 1000;
    private static final int ROOM = 4;

    private final Runner runner;
    private final Seen seen;
    private final ExploreOptions options;
    private final Stop stop;
    private final List<String> notes = new ArrayList<>();
    private Departures departures;
    private Failure failure;
    private Token token;
    private String unshrunk;
    private List<String> lines = List.of();

    Finding(Runner runner, Seen seen, ExploreOptions options, Stop stop) {
        this.runner = runner;
        this.seen = seen;
        this.options = options;
        this.stop = stop;
        departures = seen.departures();
        failure = seen.failure();
    }

    Failure failure() {
        return failure;
    }

    /** {@return the number of the schedule, from 1; 0 for a run before the first} */
    long schedule() {
        return seen.schedule();
    }

    int switches() {
        return departures.size();
    }

    Token token() {
        return token;
    }

    /** {@return the token of the run before shrinking; null if it was not shrunk} */
    String unshrunk() {
        return unshrunk;
    }

    List<String> lines() {
        return lines;
    }

    List<String> notes() {
        return notes;
    }

    /** Does all of this. Shrinking ends when the exploration is to end; the short rest is still done. */
    void conclude() {
        Execution x = runner.x;
        watch(x);
        x.stop = Stop.never();
        runner.fix(seen.shared());
        int full = x.stepLimit;
        if (failure.rule().equals(Failure.LIVELOCK)) {
            lowerStepLimit();
        }
        token = runner.record(departures, new Recording());
        if (x.failure() == null || !x.failure().rule().equals(failure.rule())) {
            throw new ExplorerException(
                    "a failing schedule did not fail when it was run again: the scenario keeps state "
                    + "from one run to the next, or depends on something that the explorer does not control. "
                    + "The first run failed with: " + failure.message());
        }
        String unsaved = token.save(options.tokenFile());
        failure = x.failure();
        if (options.shrink()) {
            unshrunk = token.toString();
            shrink(full);
            unsaved = token.save(options.tokenFile());
        }
        if (x.stepLimit < full) {
            notes.add("it does not end within " + full + " steps either");
        }
        if (unsaved != null) {
            notes.add(unsaved);
        }
        explainOlderValues();
        if (options.form().steps()) {
            lines = show(runner.program);
        }
    }

    /** Tells whether the failure needs the older values that its run reads. */
    private void explainOlderValues() {
        Departures newest = departures.without(DepartureKind.OLDER_VALUE).without(DepartureKind.EARLIER_WRITE);
        int older = departures.size() - newest.size();
        if (older > 0 && !runner.breaks(newest, failure.rule())) {
            notes.add("the same schedule does not fail if every read returns the newest value"
                    + (departures.size() == departures.without(DepartureKind.EARLIER_WRITE).size() ? ""
                    : " and every write is the newest") + ": an ordering is missing");
            String search = "bound" + Math.max(2, Math.min(departures.size(), MOST_DEPARTURES));
            notes.addAll(new MissingOrdering(runner, departures, failure.rule(),
                    () -> (ExhaustiveSearch) Strategies.of(search, options.memory()), stop).lines());
        }
    }

    private void watch(Execution x) {
        x.happensBefore = switch (seen.watch()) {
            case NOTHING -> null;
            case FIELDS -> new HappensBefore(false);
            case RACES -> new HappensBefore(true);
        };
    }

    /**
     * Looks for a lower step limit with which the run does not end either: such a run is repeated and shown sooner. It
     * leaves room for runs that do end.
     */
    private void lowerStepLimit() {
        Execution x = runner.x;
        int full = x.stepLimit;
        try {
            boolean ends = !runner.breaks(new Departures(), failure.rule());
            long limit = Math.max(FEW_STEPS, ends ? ROOM * (long) x.steps() : 0);
            for (; limit < full / ROOM; limit *= ROOM) {
                x.stepLimit = (int) limit;
                if (runner.breaks(departures, failure.rule())) {
                    return;
                }
            }
        } catch (ExplorerException e) {
            // a run that can't be explored does not count: the failure is shown as it was found
        }
        x.stepLimit = full;
    }

    /** Whether a run that was shrunk with a lower step limit fails with the full one too. */
    private boolean failsWithin(int full, Departures small, String rule) {
        int limit = runner.x.stepLimit;
        runner.x.stepLimit = full;
        try {
            return runner.breaks(small, rule);
        } catch (ExplorerException e) {
            return false;
        } finally {
            runner.x.stepLimit = limit;
        }
    }

    private void shrink(int full) {
        Execution x = runner.x;
        int[] reductions = x.environment.reductions;
        Shrinker shrinker = new Shrinker(runner, departures, failure.rule(), stop);
        x.stop = stop;
        x.livelocks.hurry(true);
        try {
            shrinker.reduce();
            shrinker.shrink();
        } catch (ExplorerException e) { // a candidate that can't be explored does not count
            notes.add("shrinking has ended early: " + e.getMessage());
        }
        if (stop.now()) {
            notes.add("shrinking has ended early, as the time was over; there may be a smaller run");
        }
        x.stop = Stop.never();
        x.livelocks.hurry(false);
        if (x.stepLimit < full && !failsWithin(full, shrinker.departures(), shrinker.rule())) {
            notes.clear(); // shrinking begins anew
            x.environment.reductions = reductions;
            x.stepLimit = full;
            token = runner.record(departures, new Recording());
            unshrunk = token.toString();
            shrink(full);
            return;
        }
        Token small = runner.record(shrinker.departures(), new Recording());
        if (x.failure() != null && x.failure().rule().equals(shrinker.rule())) {
            if (!shrinker.rule().equals(failure.rule())) {
                notes.add("first seen as: " + failure.rule() + "; this run is shorter");
            }
            departures = shrinker.departures();
            failure = x.failure();
            token = small;
        } else {
            x.environment.reductions = reductions;
        }
    }

    /** The run in columns; the program is loaded anew for that, so that it reports values. */
    private List<String> show(Program program) {
        try {
            Runner reporter = new Runner(program.withValues(), runner.x.kind, runner.x.stepLimit);
            reporter.under(options.memory(), options.leeway());
            reporter.x.environment.reductions = runner.x.environment.reductions;
            reporter.fix(token.shared);
            Recording recording = new Recording(true);
            for (int attempt = 0; attempt < 2; attempt++) {
                // the first run of freshly loaded classes may have steps of their initialization
                recording = new Recording(true);
                watch(reporter.x);
                reporter.record(departures, recording);
                if (reporter.x.failure() != null) {
                    failure = reporter.x.failure();
                    recording.failed(failure.rule());
                    break;
                }
            }
            boolean endless = failure.rule().equals(Failure.LIVELOCK);
            if (options.form().all()) {
                return endless ? new Columns(recording).once() : new Columns(recording).lines();
            }
            Map<Integer, String> necessity = Necessity.of(reporter, departures, failure.rule(), recording);
            if (endless) {
                return Story.endless(recording, reporter.x.stepLimit, necessity, options.form().width()).lines();
            }
            return new Story(recording, necessity, options.form().width()).lines();
        } catch (ExplorerException e) {
            notes.add("the run can't be shown step by step: " + e.getMessage());
            return List.of();
        }
    }

    /** A run that was made from a token. */
    static Finding replayed(Runner runner, Token token, ExploreOptions options) {
        Finding finding = new Finding(runner,
                new Seen(runner.x.failure(), token.departures, token.shared, token.watch, 1), options, Stop.never());
        finding.token = token;
        finding.lines = finding.show(runner.program);
        return finding;
    }
}
