package org.smp4j.explore.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smp4j.explore.Explorations;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.detect.HappensBefore;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.protocol.AnyCall;
import org.smp4j.explore.protocol.AnyOperation;
import org.smp4j.explore.protocol.AnySpin;
import org.smp4j.explore.replay.ReplayStrategy;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/**
 * Outcomes of small programs: searches that leave runs out find every outcome that a search of all runs finds, in which
 * each plain access is a step.
 */
class AgreementTest {
    private static final int PROGRAMS = 150;
    private static final int PROGRAMS_OF_CALLS = 60;
    private static final int BOUNDED_PROGRAMS = 30;
    private static final int MORE_PROGRAMS = 30_000;
    private static final int MOST_RUNS = 3000;
    private static final Pattern SHARED = Pattern.compile("AnyOperation[.](plain|other|guarded)|int..$|java.util.Map$"
            + "|AnyCall[.]plain");
    private static final int ALL_DEPARTURES = 40;

    /** Every schedule: at every decision it tries each strand that can step. */
    private static final class AllSchedules extends Strategy {
        private final List<long[]> path = new ArrayList<>(); // strands left to try, strand tried
        private int depth;

        @Override
        public String name() {
            return "all";
        }

        @Override
        public Strategy begin(Run x, long schedule, long seed) {
            depth = 0;
            return this;
        }

        @Override
        public int pick(Run x, Strand current, StrandSet menu) {
            if (depth == path.size()) {
                path.add(new long[] {menu.few() & menu.few() - 1, Long.lowestOneBit(menu.few())});
            }
            return Long.numberOfTrailingZeros(path.get(depth++)[1]);
        }

        boolean advance() {
            while (!path.isEmpty()) {
                long[] last = path.getLast();
                if (last[0] != 0) {
                    last[1] = Long.lowestOneBit(last[0]);
                    last[0] &= last[0] - 1;
                    return true;
                }
                path.removeLast();
            }
            return false;
        }
    }

    /** Notes the outcome of a run, and passes its steps on to a search. */
    private static final class Listener implements Observer {
        private final PartialOrderSearch search;
        private String noted;

        Listener(PartialOrderSearch search) {
            this.search = search;
        }

        @Override
        public void note(Run x, Strand strand, String text) {
            noted = text;
        }

        @Override
        public void performed(Run x, Strand strand) {
            if (search != null) {
                search.performed(x, strand);
            }
        }

        @Override
        public void started(Run x, Strand parent, Strand child) {
            if (search != null) {
                search.started(x, parent, child);
            }
        }

        @Override
        public void woken(Run x, Strand by, Strand strand) {
            if (search != null) {
                search.woken(x, by, strand);
            }
        }

        @Override
        public void timePassed(Run x) {
            if (search != null) {
                search.timePassed(x);
            }
        }
    }

    private Runner runner;

    private String outcome(Strategy strategy) {
        Listener listener = new Listener(strategy instanceof PartialOrderSearch search ? search : null);
        runner.x.observer = listener;
        Outcome outcome = runner.run(strategy, 0, 0);
        runner.x.observer = null;
        return switch (outcome) {
            case PRUNED -> null;
            case FAILED -> runner.x.failure().message();
            default -> outcome + " " + listener.noted;
        };
    }

    /** {@return null if there are too many} */
    private Set<String> all() {
        for (int field = 0; field < Sites.fieldCount(); field++) {
            if (SHARED.matcher(Sites.fieldName(field)).find()) {
                Sites.share(field);
            }
        }
        Set<String> outcomes = new TreeSet<>();
        AllSchedules search = new AllSchedules();
        int runs = 0;
        do {
            if (++runs > MOST_RUNS) {
                return null;
            }
            outcomes.add(outcome(search));
        } while (search.advance());
        return outcomes;
    }

    private Set<String> reduced(Supplier<? extends ExhaustiveSearch> searches) {
        Sites.forgetFields();
        runner.x.happensBefore = new HappensBefore(false);
        Set<String> outcomes = new TreeSet<>();
        for (int shared = -1; shared != Sites.sharedCount();) {
            shared = Sites.sharedCount();
            outcomes.clear();
            ExhaustiveSearch search = searches.get();
            while (Sites.sharedCount() == shared && search.advance(runner.x.view)) {
                String outcome = outcome(search);
                if (outcome != null) {
                    outcomes.add(outcome);
                }
            }
        }
        runner.x.happensBefore = null;
        return outcomes;
    }

    private void assertAgreed(Class<?> program, int from, int to) {
        runner = new Runner(Explorations.program(program), Coroutine.best(), 10_000);
        outcome(new ReplayStrategy(new Departures())); // its classes are loaded
        int compared = 0;
        int several = 0;
        for (int number = from; number < to; number++) {
            runner.x.environment.reductions = new int[] {number};
            Set<String> all = all();
            if (all != null) {
                compared++;
                several += all.size() > 1 ? 1 : 0;
                assertThat(reduced(() -> new PartialOrderSearch(true))).as("dpor of program %d", number).isEqualTo(all);
                assertThat(reduced(() -> new PartialOrderSearch(false))).as("sleep sets of program %d", number)
                        .isEqualTo(all);
            }
        }
        assertThat(compared).isGreaterThan((to - from) / 4);
        assertThat(several).isGreaterThan((to - from) / 10);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void reductionsFindAllThatSmallProgramsComeTo() {
        assertAgreed(AnyOperation.class, 1, 1 + PROGRAMS);
    }

    /** A call of the JDK is one step, with all that it reaches. Program 40 fails if a search takes these for others. */
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void reductionsFindAllThatSmallProgramsWithCallsOfTheJdkComeTo() {
        assertAgreed(AnyCall.class, 1, 1 + PROGRAMS_OF_CALLS);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void boundedSearchesFindAllThatSmallProgramsWithCallsOfTheJdkComeTo() {
        runner = new Runner(Explorations.program(AnyCall.class), Coroutine.best(), 10_000);
        outcome(new ReplayStrategy(new Departures()));
        for (int number = 1; number <= BOUNDED_PROGRAMS; number++) {
            runner.x.environment.reductions = new int[] {number};
            Set<String> all = all();
            if (all != null) {
                assertThat(reduced(() -> new BoundedSearch(ALL_DEPARTURES))).as("program %d", number).isEqualTo(all);
            }
            for (int bound = 1; bound <= 2; bound++) {
                int most = bound;
                assertThat(reduced(() -> new BoundedSearch(most, true))).as("program %d, %d departures", number, bound)
                        .isEqualTo(reduced(() -> new BoundedSearch(most, false)));
            }
        }
    }

    @Test
    @Tag("soak")
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void reductionsFindAllThatManyProgramsWithCallsOfTheJdkComeTo() {
        assertAgreed(AnyCall.class, 1 + PROGRAMS_OF_CALLS, 1 + MORE_PROGRAMS);
    }

    /**
     * Two threads read one concurrent map; one writes a plain field before its read, the other after it. The reads do
     * not order the writes.
     */
    @Test
    void readsOfAConcurrentMapHandNothingOn() {
        assertAgreed(AnyOperation.class, 6828, 6829);
    }

    /**
     * A change lets a thread that spins go on, but not because of what was done before the change: another change could
     * have done so. In these programs {@code dpor} lost an outcome as it took the steps before for ordered.
     */
    @Test
    void stepsBeforeAChangeAreNotOrderedByIt() {
        runner = new Runner(Explorations.program(AnySpin.class), Coroutine.best(), 10_000);
        outcome(new ReplayStrategy(new Departures()));
        for (int number : new int[] {3496, 6590, 9101}) {
            runner.x.environment.reductions = new int[] {number};
            Set<String> all = reduced(() -> new PartialOrderSearch(false));
            assertThat(all).hasSizeGreaterThan(1);
            assertThat(reduced(() -> new PartialOrderSearch(true))).as("program %d", number).isEqualTo(all);
        }
    }

    @Test
    @Tag("soak")
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void reductionsFindAllThatManyProgramsComeTo() {
        assertAgreed(AnyOperation.class, 1 + PROGRAMS, 1 + MORE_PROGRAMS);
    }
}
