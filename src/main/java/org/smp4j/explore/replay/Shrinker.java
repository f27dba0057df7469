package org.smp4j.explore.replay;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.run.Outcome;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Stop;
import org.smp4j.explore.run.Strategy;
import org.smp4j.explore.search.BoundedSearch;
import org.smp4j.explore.strategy.DelayStrategy;
import org.smp4j.explore.strategy.Portfolio;

/**
 * Makes a failing schedule small by delta debugging: takes departures away, many at a time and then one at a time, as long as the run still breaks the same
 * rule; where that stops early also if the others then come some steps sooner or later. Then it looks for a schedule
 * with few delays that breaks it, in the end for one in which a single strand is delayed, of those that depart most in
 * the failing run: one that is late again and again is often all there is to a failure, and draws among all strands
 * seldom meet it that often. Of a run without an end it looks whether a few departures are enough, and turns for all
 * strands from there on. Before all that it makes the scenario itself smaller, where that says how. Every candidate is
 * run. No single departure that is left can be taken away.
 *
 * <p>One mistake breaks several rules, and the one that was seen first may need a run that is more involved. Where more than a few departures are left and a
 * candidate with fewer broke another rule, that one is made small instead.
 */
public final class Shrinker {
    private static final int MAX_RUNS = 200_000;
    private static final long MAX_STEPS = 200_000_000;
    private static final int STEPS_OF_A_RUN = 100; // what begins and ends it takes as long as so many steps
    private static final int SAMPLED_RUNS = 200;
    private static final int MORE_SAMPLED_RUNS = 2000;
    private static final int SEARCHED_RUNS = 3000;
    private static final int SEARCHED_STEPS = 300_000;
    private static final int SEARCHED_BOUND = 3;
    private static final int ENOUGH = 3;
    private static final int MOST_LATE = 4; // strands that are looked at, each by itself

    private final Runner runner;
    private final Stop stop;
    private String rule;
    private Departures best;
    private int runs;
    private long spent;
    // The smallest run that broke another rule.
    private Departures other;
    private String otherRule;

    public Shrinker(Runner runner, Departures departures, String rule, Stop stop) {
        this.runner = runner;
        this.stop = stop;
        this.rule = rule;
        this.best = departures.copy();
        runner.number = Runner.SHRINKING;
    }

    public Departures departures() {
        return best;
    }

    /** {@return the rule that they break} */
    public String rule() {
        return rule;
    }

    /** Fewer tasks, fewer CPUs: as few as still let the rule be broken by one of a few schedules. */
    public void reduce() {
        runner.breaks(best, rule);
        int[] most = runner.x.surroundings.reducible();
        int[] chosen = new int[most.length];
        for (int i = 0; i < most.length; i++) {
            for (int much = most[i]; much > 0; much--) {
                chosen[i] = much;
                runner.x.surroundings.reductions = chosen.clone();
                if (found(new Portfolio(), Integer.MAX_VALUE, SAMPLED_RUNS)) {
                    break;
                }
                chosen[i] = 0;
            }
        }
        runner.x.surroundings.reductions = chosen;
    }

    /** One of a few schedules of a strategy that breaks the rule with fewer departures. */
    private boolean found(Strategy strategy, int fewerThan, int samples) {
        runner.learnConflicts(strategy, 0);
        for (int i = 0; i < samples && goesOn(); i++) {
            if (isBetter(run(strategy, i, Randomness.mix(i)), fewerThan)) {
                return true;
            }
            strategy.learn(runner.x.view);
        }
        return false;
    }

    private boolean goesOn() {
        return runs < MAX_RUNS && spent < MAX_STEPS && !stop.now();
    }

    private Outcome run(Strategy strategy, long schedule, long seed) {
        runs++;
        Outcome outcome = runner.run(strategy, schedule, seed);
        spent += runner.x.steps() + STEPS_OF_A_RUN;
        return outcome;
    }

    private void minimize() {
        for (boolean smaller = true; smaller && goesOn();) {
            smaller = fewer();
            smaller |= single();
            smaller |= !smaller && best.size() > ENOUGH && loosened();
        }
    }

    /** As {@link #fewer} and {@link #single}, where what is left may depart some steps sooner or later than before. */
    private boolean loosened() {
        LooseReplay places = places();
        for (int chunk = places.size() / 2; chunk >= 1; chunk /= 2) {
            for (int from = places.size() - chunk; from > -chunk && goesOn(); from -= chunk) {
                int begin = Math.max(0, from);
                if (isBetter(run(places.without(begin, begin + chunk), 0, 0), best.size())) {
                    return true;
                }
            }
        }
        return false;
    }

    private LooseReplay places() {
        LooseReplay places = new LooseReplay(best);
        runner.run(new ReplayStrategy(best), 0, 0, places);
        return places;
    }

    public void shrink() {
        other = null; // what was seen of larger scenarios is no candidate
        smaller();
        if (best.size() > ENOUGH && other != null && other.size() < best.size()) {
            best = other;
            rule = otherRule;
            smaller();
        }
    }

    private void smaller() {
        turns();
        minimize();
        for (int delays = 1; delays < best.size() && delays <= 3; delays++) {
            if (found(new DelayStrategy(delays), best.size(), SAMPLED_RUNS)) {
                minimize();
            }
        }
        search();
        // Late interrupts count as departures: where none is left none is drawn.
        for (int delays = 1; delays <= ENOUGH && best.size() > ENOUGH && !best.defer(); delays++) {
            if (found(DelayStrategy.alone(delays), best.size(), MORE_SAMPLED_RUNS)) {
                minimize();
            }
        }
        delayOne();
    }

    /** What goes on for ever mostly does so by turns as well, and soon. */
    private void turns() {
        if (!rule.equals(Failure.LIVELOCK) || best.size() <= ENOUGH) {
            return;
        }
        for (int kept = 0; kept <= ENOUGH && kept < best.size() && goesOn(); kept++) {
            Departures candidate = best.prefix(kept);
            candidate.add(best.strand(kept), best.point(kept), DepartureKind.ROUND_ROBIN, 0);
            if (attempt(candidate)) {
                return;
            }
        }
    }

    private void delayOne() {
        for (int strand : latest()) {
            if (best.size() > ENOUGH && goesOn() && found(DelayStrategy.of(strand, ENOUGH), best.size(), MORE_SAMPLED_RUNS)) {
                minimize();
            }
        }
    }

    /** {@return some strands that depart, those that do so most often first} */
    private int[] latest() {
        int[] counts = new int[Run.MAX_STRANDS];
        for (int i = 0; i < best.size(); i++) {
            counts[best.strand(i)]++;
        }
        return IntStream.range(0, counts.length).filter(strand -> counts[strand] > 0).boxed().sorted(Comparator.comparingInt(strand -> -counts[strand]))
                .limit(MOST_LATE).mapToInt(Integer::intValue).toArray();
    }

    /** What is left can be needed piece by piece, and still be a detour: short programs are searched for a direct way. */
    private void search() {
        int left = SEARCHED_RUNS;
        long steps = SEARCHED_STEPS;
        for (int bound = 1; bound < best.size() && bound <= SEARCHED_BOUND; bound++) {
            BoundedSearch search = new BoundedSearch(bound);
            while (left-- > 0 && steps > 0 && goesOn() && search.advance(runner.x.view)) {
                Outcome outcome = run(search, 0, 0);
                steps -= runner.x.steps();
                if (isBetter(outcome, best.size())) {
                    return;
                }
            }
        }
    }

    /** Large pieces first. */
    private boolean fewer() {
        boolean any = false;
        for (int chunk = best.size() / 2; chunk >= 2; chunk /= 2) {
            for (int from = best.size() - chunk; from > -chunk && goesOn(); from -= chunk) {
                int begin = Math.max(0, from);
                int end = Math.min(best.size(), begin + chunk);
                if (end > begin && attempt(best.without(begin, end))) {
                    any = true;
                    from = Math.min(from, best.size());
                }
            }
        }
        return any;
    }

    private boolean single() {
        boolean any = false;
        for (int i = best.size() - 1; i >= 0 && goesOn(); i--) {
            if (i < best.size() && attempt(best.without(i, i + 1))) {
                any = true;
                i = Math.min(i, best.size());
            }
        }
        return any;
    }

    private boolean attempt(Departures candidate) {
        return isBetter(run(new ReplayStrategy(candidate), 0, 0), best.size());
    }

    /** Looks at the run that was just made, and keeps what it departs where that is less. */
    private boolean isBetter(Outcome outcome, int fewerThan) {
        if (outcome != Outcome.FAILED) {
            return false;
        }
        Departures departures = runner.x.departures();
        String broken = runner.x.failure().rule();
        if (broken.equals(rule)) {
            if (departures.size() >= fewerThan) {
                return false;
            }
            best = departures.copy();
            return true;
        }
        if (other == null || departures.size() < other.size()) {
            other = departures.copy();
            otherRule = broken;
        }
        return false;
    }
}
