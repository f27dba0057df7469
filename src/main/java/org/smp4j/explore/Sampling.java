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

/** The schedules of a strategy that draws: one after the other, and now and then a look for plain fields that are shared only in few. */
final class Sampling {
    private static final int LOOK_EVERY = 61; // a prime, so that each part of a portfolio has its turn
    private static final int LOOKS = 16;

    private final Exploration exploration;
    private final Execution x;
    private final Strategy strategy;
    private final int usualSteps;

    /**
     * Schedules that are to be made.
     *
     * @param exploration makes them
     * @param usualSteps how many steps a run has that goes by default
     */
    Sampling(Exploration exploration, int usualSteps) {
        this.exploration = exploration;
        this.usualSteps = usualSteps;
        x = exploration.runner.x;
        strategy = exploration.strategy;
    }

    void make() {
        ExploreOptions options = exploration.options;
        for (long i = options.firstSchedule(); !exploration.hasFound() && i < options.firstSchedule() + options.schedules() && !exploration.pace.isOver(); i++) {
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
            exploration.tally.survey(again);
            exploration.make(strategy, schedule, seed, schedule + 1);
            if (exploration.grown()) {
                exploration.slip();
                exploration.tally.survey(true); // they are no schedules of their own
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

    /** The plain fields that turn out to be shared meanwhile are known as such afterwards only if something was found. */
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

    /** The run that was just made has shown more fields: around it what comes of them is looked for, and of those that this shows, and so on. */
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
