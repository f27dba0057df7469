package org.smp4j.explore.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smp4j.explore.Explorations;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Timeouts;
import org.smp4j.explore.protocol.AnyAccess;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;
import org.smp4j.litmus.parse.LitmusParser;
import org.smp4j.litmus.search.LitmusSearch;
import org.smp4j.litmus.search.SearchOptions;

/**
 * Small programs end in the same states when they are explored as Java code and when the same program is searched as a
 * litmus test, under each memory model.
 */
class WeakAgreementTest {
    private static final int PROGRAMS = 300;
    private static final int MOST_RUNS = 6000;

    /** Every schedule of the accesses, with every value that each read may return. */
    private static final class All extends Strategy implements Observer {
        private final List<long[]> path = new ArrayList<>(); // alternatives left, the one that is tried
        private int depth;
        private String noted;

        @Override
        public String name() {
            return "all";
        }

        @Override
        public Strategy begin(Run x, long schedule, long seed) {
            depth = 0;
            noted = null;
            return this;
        }

        /** The first strand starts all others; then what is no access is done at once, as it changes no outcome. */
        @Override
        public int pick(Run x, Strand current, StrandSet menu) {
            long rest = 0;
            for (int id = menu.next(0); id >= 0; id = menu.next(id + 1)) {
                Strand strand = x.strand(id);
                boolean fences = strand.location() == null && strand.site() != Strand.BEGIN && strand.id != 0;
                if (strand.id == 0 || !fences && !strand.isAccess()) {
                    return strand.id;
                }
                rest |= strand.bit;
            }
            return Long.numberOfTrailingZeros(choose(rest));
        }

        @Override
        public int outcome(Run x, Strand strand, DepartureKind kind, int outcomes) {
            return Long.numberOfTrailingZeros(choose((1L << outcomes) - 1));
        }

        private long choose(long alternatives) {
            if (depth == path.size()) {
                path.add(new long[] {alternatives & alternatives - 1, Long.lowestOneBit(alternatives)});
            }
            return path.get(depth++)[1];
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

        @Override
        public void performed(Run x, Strand strand) {
            // only the note counts
        }

        @Override
        public void note(Run x, Strand strand, String text) {
            noted = text;
        }
    }

    private final Runner runner = new Runner(Explorations.program(AnyAccess.class), Coroutine.best(), 10_000);

    /** {@return the final states; null if there are too many runs} */
    private Set<String> explored(int number) {
        runner.x.environment.reductions = new int[] {number};
        Set<String> states = new TreeSet<>();
        boolean mayFailAnyway = AnyAccess.litmus(number).contains("weakCompareAndSet");
        All all = new All();
        int runs = 0;
        do {
            if (++runs > MOST_RUNS) {
                return null;
            }
            Outcome outcome = runner.run(all, 0, 0, all);
            assertThat(outcome).as("program %d: %s", number, runner.x.failure()).isIn(Outcome.COMPLETE,
                    mayFailAnyway ? Outcome.PRUNED : Outcome.COMPLETE);
            if (outcome == Outcome.COMPLETE) {
                states.add(all.noted);
            }
        } while (all.advance());
        return states;
    }

    private static Set<String> searched(int number, MemoryModel model, boolean insertion) {
        return searched(number, model, insertion, false);
    }

    private static Set<String> searched(int number, MemoryModel model, boolean insertion, boolean incoherent) {
        SearchOptions options = SearchOptions.DEFAULT.withModel(model).withInsertion(insertion)
                .withIncoherent(incoherent);
        return new TreeSet<>(LitmusSearch.search(LitmusParser.parse(AnyAccess.litmus(number)), options, () -> false)
                .states());
    }

    @ParameterizedTest
    @CsvSource({"SC, false, false, 0", "TSO, false, false, 5", "JAVA, false, false, 25", "JAVA, true, false, 20",
        "JAVA, false, true, 25", "JAVA, true, true, 20"})
    void exploredProgramsEndInTheStatesOfTheLitmusTest(MemoryModel model, boolean insertion, boolean incoherent,
            int atLeast) {
        runner.under(model, new Leeway(Timeouts.SHORT, true, false, insertion, incoherent));
        int compared = 0;
        int weak = 0;
        int programs = insertion ? PROGRAMS / 2 : PROGRAMS;
        for (int number = 1; number <= programs; number++) {
            Set<String> explored = explored(number);
            if (explored != null) {
                compared++;
                Set<String> searched = searched(number, model, insertion, incoherent);
                assertThat(explored).as(AnyAccess.litmus(number)).isEqualTo(searched);
                weak += searched.size() > searched(number, MemoryModel.SC, false).size() ? 1 : 0;
            }
        }
        assertThat(compared).isGreaterThan(programs / 2);
        assertThat(weak).isGreaterThanOrEqualTo(atLeast);
    }

    /** Notes what a run ends with, and passes its steps on to a search. */
    private static final class Listener implements Observer {
        private final PartialOrderSearch search;
        private String noted;

        Listener(PartialOrderSearch search) {
            this.search = search;
        }

        @Override
        public void performed(Run x, Strand strand) {
            search.performed(x, strand);
        }

        @Override
        public void started(Run x, Strand parent, Strand child) {
            search.started(x, parent, child);
        }

        @Override
        public void woken(Run x, Strand by, Strand strand) {
            search.woken(x, by, strand);
        }

        @Override
        public void timePassed(Run x) {
            search.timePassed(x);
        }

        @Override
        public void note(Run x, Strand strand, String text) {
            noted = text;
        }
    }

    private int runs; // of the last search

    private Set<String> reduced(int number, PartialOrderSearch search) {
        return reduced(number, search, false);
    }

    /** {@return the states; null if there are too many runs, or it tries older values and is not to} */
    private Set<String> reduced(int number, PartialOrderSearch search, boolean newest) {
        runner.x.environment.reductions = new int[] {number};
        Set<String> states = new TreeSet<>();
        Listener listener = new Listener(search);
        runs = 0;
        while (search.advance(runner.x.view)) {
            if (++runs > MOST_RUNS || newest && search.triesOlderValues()) {
                return null;
            }
            listener.noted = null;
            if (runner.run(search, 0, 0, listener) == Outcome.COMPLETE) {
                states.add(listener.noted);
            }
        }
        return states;
    }

    /** Searches of one schedule for each order of dependent steps lose no state. */
    @ParameterizedTest
    @CsvSource({"TSO, false, false", "JAVA, false, false", "JAVA, true, false", "JAVA, false, true",
        "JAVA, true, true"})
    void reducedSearchesEndInTheStatesOfTheLitmusTest(MemoryModel model, boolean insertion, boolean incoherent) {
        runner.under(model, new Leeway(Timeouts.SHORT, true, false, insertion, incoherent));
        int compared = 0;
        int back = 0;
        for (int number = 1; number <= PROGRAMS / 2; number++) {
            Set<String> searched = searched(number, model, insertion, incoherent);
            back += incoherent && searched.size() > searched(number, model, insertion).size() ? 1 : 0;
            Set<String> dynamic = reduced(number, new PartialOrderSearch(true, model));
            if (dynamic != null) {
                compared++;
                assertThat(dynamic).as("dpor: " + AnyAccess.litmus(number)).isEqualTo(searched);
            }
            Set<String> sleeping = number % 4 == 0 ? reduced(number, new PartialOrderSearch(false, model)) : null;
            if (sleeping != null) {
                assertThat(sleeping).as("sleep sets: " + AnyAccess.litmus(number)).isEqualTo(searched);
            }
        }
        assertThat(compared).isGreaterThan(PROGRAMS / 4);
        assertThat(back).as("programs with states that only plain reads that go back can show")
                .isGreaterThanOrEqualTo(incoherent ? 3 : 0);
    }

    /**
     * Volatile accesses of different locations, and full fences, have one order, and it matters which: without it
     * {@code dpor} loses states of these programs under {@code java}.
     */
    @ParameterizedTest
    @CsvSource({"SC, false", "TSO, false", "JAVA, false", "JAVA, true"})
    void reducedSearchesTryEachOrderOfVolatileAccessesAndFences(MemoryModel model, boolean insertion) {
        runner.under(model, new Leeway(Timeouts.SHORT, true, false, insertion, false));
        for (int number = AnyAccess.ORDERED; number < AnyAccess.ORDERED + AnyAccess.ALL_ORDERED; number += 21) {
            for (boolean dynamic : List.of(true, false)) {
                assertThat(reduced(number, new PartialOrderSearch(dynamic, model)))
                        .as("dynamic %s: %s", dynamic, AnyAccess.litmus(number))
                        .isEqualTo(searched(number, model, insertion));
            }
        }
    }

    /** Where all accesses are volatile, a search makes no more runs than of sequentially consistent ones. */
    @Test
    void programsOfVolatilesStaySmall() {
        for (int number = AnyAccess.VOLATILE; number < AnyAccess.VOLATILE + 60; number++) {
            runner.under(MemoryModel.JAVA, new Leeway(Timeouts.SHORT, true, false));
            assertThat(reduced(number, new PartialOrderSearch(true, MemoryModel.JAVA))).as(AnyAccess.litmus(number))
                    .isEqualTo(searched(number, MemoryModel.JAVA, false));
            int weak = runs;
            assertThat(searched(number, MemoryModel.JAVA, true)).isEqualTo(searched(number, MemoryModel.SC, false));
            runner.under(MemoryModel.SC, new Leeway(Timeouts.SHORT, true, false));
            assertThat(reduced(number, new PartialOrderSearch(true)))
                    .isEqualTo(searched(number, MemoryModel.SC, false));
            assertThat(weak).as(AnyAccess.litmus(number)).isEqualTo(runs);
        }
    }

    /**
     * Where a search makes sequentially consistent runs only, as these stand for all, the program has no other states,
     * although some of its accesses are weaker than volatile.
     */
    @ParameterizedTest
    @CsvSource({"1, 1500, 1, 1000, false", "2000000, 4608, 7, 500, false", "3000000, 1500, 1, 1000, false",
        "1, 1500, 1, 1000, true"})
    void programsThatNeedNoOlderValuesHaveNoOtherStates(int from, int count, int step, int atLeast,
            boolean incoherent) {
        runner.under(MemoryModel.JAVA, new Leeway(Timeouts.SHORT, true, false, false, incoherent));
        int shown = 0;
        for (int number = from; number < from + count; number += step) {
            PartialOrderSearch search = new PartialOrderSearch(true, MemoryModel.JAVA);
            Set<String> states = reduced(number, search, true);
            if (states != null) {
                shown++;
                assertThat(states).as(AnyAccess.litmus(number))
                        .isEqualTo(searched(number, MemoryModel.JAVA, false, incoherent));
            }
        }
        assertThat(shown).isGreaterThanOrEqualTo(atLeast);
    }

    /** A thread that waits by a spin loop reads no value twice; all other states are found. */
    @ParameterizedTest
    @CsvSource({"JAVA, false", "JAVA, true"})
    void programsThatWaitEndInTheStatesOfTheLitmusTest(MemoryModel model, boolean insertion) {
        runner.under(model, new Leeway(Timeouts.SHORT, true, false, insertion, false));
        for (int number = AnyAccess.WAITING; number < AnyAccess.WAITING + 100; number++) {
            assertThat(reduced(number, new PartialOrderSearch(true, model))).as(AnyAccess.litmus(number))
                    .isEqualTo(searched(number, model, insertion));
        }
    }

    @Test
    void theSameNumberIsTheSameProgram() {
        assertThat(AnyAccess.litmus(7)).isEqualTo(AnyAccess.litmus(7)).isNotEqualTo(AnyAccess.litmus(8));
    }
}
