package org.smp4j.explore;

import java.util.BitSet;
import java.util.List;
import org.smp4j.explore.detect.HappensBefore;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.replay.AroundStrategy;
import org.smp4j.explore.run.Strategy;
import org.smp4j.explore.search.EarlySearch;

/**
 * Makes the schedules of a strategy that draws, and now and then looks for plain fields that are shared in few
 * schedules.
 */
final class Sampling {
    private static final int LOOK_EVERY = 61; // a prime, so that each strategy of a portfolio has its turn
    private static final int LOOKS = 16;

    private final Exploration exploration;
    private final Execution x;
    private final Strategy strategy;
    private final int usualSteps;

    /**
     * Schedules to make.
     *
     * @param exploration makes them
     * @param usualSteps the number of steps of the default run
     */
    Sampling(Exploration exploration, int usualSteps) {
        this.exploration = exploration;
        this.usualSteps = usualSteps;
        x = exploration.runner.x;
        strategy = exploration.strategy;
    }

    void make() {
        ExploreOptions options = exploration.options;
        for (long i = options.firstSchedule(); !exploration.hasFound()
                && i < options.firstSchedule() + options.schedules() && !exploration.pace.isOver(); i++) {
            long seed = Randomness.draw(i, options.seed());
            if (EarlySearch.isDue(i, strategy, usualSteps, x.view)) {
                searchAWhile(i);
            }
            if (i % LOOK_EVERY == LOOK_EVERY - 1) {
                lookForRaces(i, seed, false);
            } else {
                exploration.make(strategy, i, seed, i + 1);
                if (!exploration.hasFound() && x.locations.meetings.news()) {
                    lookForRaces(i, seed, true);
                }
            }
            if (!exploration.tally.decided() && exploration.tally.schedules() > 0) {
                return; // there is only one schedule
            }
        }
    }

    /**
     * A plain field may race only in runs that went wrong already, and so be discovered late. Then a few schedules are
     * made with its accesses as steps, and it is forgotten again, because a schedule may depend only on its number and
     * seed. A schedule that was made before is not counted again.
     */
    private void lookForRaces(long schedule, long seed, boolean again) {
        aside(() -> {
            BitSet fields = Sites.sharedFields();
            exploration.tally.survey(again);
            exploration.make(strategy, schedule, seed, schedule + 1);
            if (exploration.grown()) {
                exploration.slip();
                exploration.tally.survey(true); // these runs are not counted as schedules
                lookAround(schedule, seed, fields);
            }
        });
    }

    private void searchAWhile(long schedule) {
        aside(() -> {
            exploration.tally.survey(true);
            EarlySearch search = new EarlySearch(x.view);
            for (Strategy next = search.next(); exploration.goesOn() && next != null; next = search.next()) {
                exploration.make(next, schedule, 0, schedule + 1, search.observer());
                if (exploration.grown()) {
                    exploration.slip();
                    search.again();
                }
            }
        });
    }

    /** Plain fields that turn out to be shared meanwhile stay known only if a failure was found. */
    private void aside(Runnable looks) {
        HappensBefore before = x.happensBefore;
        List<Integer> known = exploration.shared();
        x.happensBefore = exploration.happensBefore;
        looks.run();
        if (!exploration.hasFound() && Sites.sharedCount() != known.size()) {
            Sites.share(known);
            exploration.remember();
        }
        exploration.tally.survey(false);
        x.happensBefore = before;
    }

    /**
     * The last run has shown more shared fields: similar runs look for failures with them, and with the fields that
     * these runs show, and so on.
     */
    private void lookAround(long schedule, long seed, BitSet known) {
        boolean grown = true;
        for (int rounds = 0; rounds < LOOKS && grown && exploration.goesOn(); rounds++) {
            BitSet more = Sites.sharedFields();
            more.andNot(known);
            known.or(more);
            Strategy around = new AroundStrategy(x.departures().copy(), more);
            grown = false;
            for (int i = 0; i < LOOKS && !grown && exploration.goesOn(); i++) {
                exploration.make(around, schedule, Randomness.mix(seed + i), schedule + 1);
                grown = exploration.grown();
                if (grown) {
                    exploration.slip();
                }
            }
        }
    }
}
