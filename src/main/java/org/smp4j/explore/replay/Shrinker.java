package org.smp4j.explore.replay;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.run.Stop;
import org.smp4j.explore.run.Strategy;
import org.smp4j.explore.search.BoundedSearch;
import org.smp4j.explore.strategy.DelayStrategy;
import org.smp4j.explore.strategy.Portfolio;

/**
 * Shrinks a failing schedule by delta debugging: it removes departures, many at a time and then one at a time, as long
 * as the run still breaks the same rule. If that stops early, it also tries to let the remaining departures come some
 * steps sooner or later. Then it searches for a schedule with few delays that breaks the rule, at last for one that
 * delays a single strand, of those that depart most in the failing run: often a failure only needs one strand to be
 * late again and again, and draws among all strands rarely delay it that often. For a livelock it tests whether a few
 * departures, followed by turns for all strands, are enough. Before all that it makes the scenario itself smaller, if
 * the scenario offers that. Every candidate is run. In the result no single departure can be removed.
 *
 * <p>One bug may break several rules, and the rule that was seen first may need a longer run. If more than a few
 * departures remain and a candidate with fewer broke another rule, that candidate is shrunk instead.
 */
public final class Shrinker {
    private static final int MAX_RUNS = 200_000;
    private static final long MAX_STEPS = 200_000_000;
    private static final int STEPS_OF_A_RUN = 100; // its begin and end take as long as this many steps
    private static final int SAMPLED_RUNS = 200;
    private static final int MORE_SAMPLED_RUNS = 2000;
    private static final int SEARCHED_RUNS = 3000;
    private static final int SEARCHED_STEPS = 300_000;
    private static final int SEARCHED_BOUND = 3;
    private static final int ENOUGH = 3;
    private static final int MOST_LATE = 4; // strands that are delayed alone

    private final Runner runner;
    private final Stop stop;
    private String rule;
    private Departures best;
    private int runs;
    private long spent;
    // The smallest run that broke another rule.
    private Departures other;
    private String otherRule;

    /** Makes a shrinker for a run, with its departures and the rule that it breaks. */
    public Shrinker(Runner runner, Departures departures, String rule, Stop stop) {
        this.runner = runner;
        this.stop = stop;
        this.rule = rule;
        this.best = departures.copy();
        runner.number = Runner.SHRINKING;
    }

    /** {@return the smallest departures so far} */
    public Departures departures() {
        return best;
    }

    /** {@return the rule that the departures break} */
    public String rule() {
        return rule;
    }

    /**
     * Makes the scenario smaller, for example fewer tasks or CPUs, as long as one of a few schedules still breaks the
     * rule.
     */
    public void reduce() {
        runner.breaks(best, rule);
        int[] most = runner.x.environment.reducible();
        int[] chosen = new int[most.length];
        for (int i = 0; i < most.length; i++) {
            for (int much = most[i]; much > 0; much--) {
                chosen[i] = much;
                runner.x.environment.reductions = chosen.clone();
                if (found(new Portfolio(Portfolio.Mix.VARIOUS), Integer.MAX_VALUE, SAMPLED_RUNS)) {
                    break;
                }
                chosen[i] = 0;
            }
        }
        runner.x.environment.reductions = chosen;
    }

    /** Tries a few schedules of a strategy for one that breaks the rule with fewer departures. */
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
        fresher();
        for (boolean smaller = true; smaller && goesOn();) {
            smaller = fewer();
            smaller |= single();
            smaller |= !smaller && best.size() > ENOUGH && loosened();
        }
    }

    /**
     * As {@link #fewer} and {@link #single}, but the remaining departures may come some steps sooner or later than
     * before.
     */
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

    /** Shrinks the run. */
    public void shrink() {
        other = null; // a run of a larger scenario is no candidate
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
        // Deferred interrupts count as departures: if none remains none is drawn.
        for (int delays = 1; delays <= ENOUGH && best.size() > ENOUGH && !best.defer(); delays++) {
            if (found(DelayStrategy.alone(delays), best.size(), MORE_SAMPLED_RUNS)) {
                minimize();
            }
        }
        delayOne();
    }

    /** A livelock mostly also occurs if all strands step in turn, and soon. */
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
            if (best.size() > ENOUGH && goesOn()
                    && found(DelayStrategy.of(strand, ENOUGH), best.size(), MORE_SAMPLED_RUNS)) {
                minimize();
            }
        }
    }

    /** {@return some strands with departures, those with most departures first} */
    private int[] latest() {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < best.size(); i++) {
            counts.merge(best.strand(i), 1, Integer::sum);
        }
        return counts.keySet().stream().sorted(Comparator.comparingInt(strand -> -counts.get(strand)))
                .limit(MOST_LATE).mapToInt(Integer::intValue).toArray();
    }

    /**
     * Each remaining departure may be needed, and the schedule may still be a detour: short programs get an exhaustive
     * search for a shorter one.
     */
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

    /** Reads newer values, and writes newer ones, first: it shows early whether the failure needs a weak memory. */
    private void fresher() {
        for (int i = best.size() - 1; i >= 0 && goesOn(); i--) {
            if (i < best.size() && isWeak(best.kind(i)) && !attempt(best.without(i, i + 1))) {
                for (int newer = 1; newer < best.value(i); newer++) {
                    Departures candidate = best.without(i, best.size());
                    candidate.add(best.strand(i), best.point(i), best.kind(i), newer);
                    for (int rest = i + 1; rest < best.size(); rest++) {
                        candidate.add(best.strand(rest), best.point(rest), best.kind(rest), best.value(rest));
                    }
                    if (isBetter(run(new ReplayStrategy(candidate), 0, 0), best.size() + 1)) {
                        break;
                    }
                }
            }
        }
    }

    private static boolean isWeak(DepartureKind kind) {
        return kind == DepartureKind.OLDER_VALUE || kind == DepartureKind.EARLIER_WRITE;
    }

    /** Removes large pieces first. */
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

    /** Checks the last run, and keeps its departures if they are fewer. */
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
