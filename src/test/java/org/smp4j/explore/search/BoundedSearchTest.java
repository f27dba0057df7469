package org.smp4j.explore.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.detect.HappensBefore;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.protocol.Scrambled;
import org.smp4j.explore.protocol.SeedRace;
import org.smp4j.explore.protocol.Small;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Program;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.scenario.Programs;
import org.smp4j.weave.Weave;

/**
 * Each run that a bounded search leaves out is equivalent to a run that it made: the test makes all runs and compares.
 */
class BoundedSearchTest {
    private static final int PROGRAMS = 200;

    /**
     * The outcomes of all runs of a search: the order of dependent steps of a run that passed, the failure of a run
     * that failed.
     */
    private record Results(Set<Object> results, int runs) {
    }

    /**
     * A number for the order in which dependent steps were made, the same for two runs that differ only in the order of
     * others: the sum over all steps of a number made of the step before on the same strand, and of those that reached
     * the same place before where one of the two writes.
     */
    private static final class Order implements Observer {
        private static final class Place {
            private long written;
            private long read;
        }

        private final Map<Location, Place> places = new HashMap<>();
        private final long[] previous = new long[Run.MAX_STRANDS];
        private long sum;

        @Override
        public void performed(Run x, Strand strand) {
            long step = Randomness.mix(previous[strand.id] * 31 + strand.site());
            if (strand.location() != null) {
                Place place = places.computeIfAbsent(strand.location(), _ -> new Place());
                step = Randomness.mix(step + place.written);
                if ((strand.mode() & (Access.WRITE | Access.CONDITIONAL)) != 0) {
                    step = Randomness.mix(step ^ place.read);
                    place.written = step;
                    place.read = 0;
                } else {
                    place.read += step;
                }
            }
            previous[strand.id] = step;
            sum += step;
        }

        @Override
        public void note(Run x, Strand strand, String text) {
            sum += Randomness.mix(text.hashCode());
        }

        @Override
        public void woken(Run x, Strand by, Strand strand) {
            previous[strand.id] = Randomness.mix(previous[strand.id] + previous[by.id]);
        }
    }

    private static Program program(Class<?> scenario, Weave... weaves) {
        return new LoadedProgram(scenario.getName(), Programs.options().withWeaves(weaves),
                BoundedSearchTest.class.getClassLoader());
    }

    private static Results results(Program program, int bound, boolean reduced, int... reductions) {
        Runner runner = new Runner(program, Coroutine.best(), 100_000);
        runner.x.environment.reductions = reductions;
        Sites.forgetFields();
        runner.x.happensBefore = new HappensBefore(false);
        int shared;
        Set<Object> results = new HashSet<>();
        int runs;
        do { // until all plain fields are known that are shared
            shared = Sites.sharedCount();
            results.clear();
            runs = 0;
            BoundedSearch search = new BoundedSearch(bound, reduced);
            while (search.advance(runner.x.view) && Sites.sharedCount() == shared) {
                Order order = new Order();
                runner.x.observer = order;
                Outcome outcome = runner.run(search, 0, 0);
                results.add(outcome == Outcome.FAILED ? runner.x.failure().message() : (Object) order.sum);
                runs++;
            }
        } while (Sites.sharedCount() != shared);
        return new Results(results, runs);
    }

    private static void assertReduced(Program program, int bound, int times, int... reductions) {
        Results all = results(program, bound, false, reductions);
        Results reduced = results(program, bound, true, reductions);
        assertThat(reduced.results).hasSameSizeAs(all.results).isEqualTo(all.results);
        assertThat(reduced.runs * times).isLessThanOrEqualTo(all.runs);
    }

    @ParameterizedTest
    @CsvSource({"BareSeed$One, 3", "BareSeed$PreemptibleOne, 3", "BareSeed$Rated, 2", "Small$Crosswise, 3",
            "Small$Locks, 3", "Small$Parks, 3", "Small$LockOrder, 3", "Small$Counter, 4", "Small$SpinLockOrder, 2",
            "Small$GivenUp, 2", "Small$GivenUpMeanwhile, 1", "Small$NotGivenUp, 2", "Small$LetGo, 2",
            "Small$Timeouts, 2", "Small$Choice, 2", "Small$DataRace, 2", "Small$BrokenFlags, 2", "Small$Ring, 2",
            "Small$PlainReader, 2", "Interrupted$Counter, 1", "Interrupted$CounterWithIrqsOff, 2",
            "Interrupted$PerCpuCounter, 1", "Interrupted$PerCpuCounterPinned, 2", "Interrupted$BareCounter, 2",
            "Interrupted$Order, 2", "Interrupted$Halted, 2", "Interrupted$Woken, 2"})
    void leavesOutOnlyWhatComesToTheSame(String scenario, int bound) throws ClassNotFoundException {
        assertReduced(program(Class.forName("org.smp4j.explore.protocol." + scenario)), bound, 1);
    }

    @Test
    void knowsTheBeginningButForTheRacesThatAreAskedFor() {
        ExploreOptions options = ExploreOptions.DEFAULT.withStrategy("bound1").withSchedules(1000);
        Report proven = Explorer.explore(program(Small.RaceWithBefore.class), options, Explorer.Progress.NONE);
        assertThat(proven.complete()).isTrue();
        assertThat(proven.passed()).isTrue();
        Report asked = Explorer.explore(program(Small.RaceWithBefore.class), options.withDataRaces(true),
                Explorer.Progress.NONE);
        assertThat(asked.failure().rule()).isEqualTo("data race");
    }

    @Test
    void leavesOutNothingElseInScrambledPrograms() {
        Program program = program(Scrambled.class);
        for (int number = 0; number < PROGRAMS; number++) {
            assertReduced(program, 2, 1, number);
        }
    }

    @Test
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void leavesOutNothingElseOnAMachine() {
        assertReduced(program(SeedRace.class, SeedRace.Edits.STRETCH), 1, 2);
        assertReduced(program(SeedRace.Whole.class), 1, 2);
        assertReduced(program(SeedRace.class, SeedRace.Edits.STRETCH, SeedRace.Edits.PREEMPTIBLE), 1, 2);
    }
}
