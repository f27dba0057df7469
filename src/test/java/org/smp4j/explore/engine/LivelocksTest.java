package org.smp4j.explore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.Explorations;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.protocol.Turns;
import org.smp4j.explore.replay.ReplayStrategy;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.run.Strategy;
import org.smp4j.explore.strategy.RoundRobinStrategy;

/** Failures that are found, or not found, if all strands step in turn from the beginning. */
class LivelocksTest {
    private static final ExploreOptions SOME = ExploreOptions.DEFAULT.withSchedules(300).withStepLimit(5000);

    private static Report again(Class<?> scenario, Report report, boolean threads) {
        Report again = Explorer.replay(Explorations.program(scenario), report.token(), threads, Explorer.Progress.NONE);
        assertThat(again.failure().message()).isEqualTo(report.failure().message());
        assertThat(again.failure().details()).isEqualTo(report.failure().details());
        assertThat(again.lines()).isEqualTo(report.lines());
        assertThat(again.token()).isEqualTo(report.token());
        return again;
    }

    @ParameterizedTest
    @ValueSource(classes = {Turns.BothMakeWay.class, Turns.BothMakeWayLater.class, Turns.TriesAgain.class,
            Turns.TriesAgainBesideASleeper.class})
    void livelockThatNeedsBothToHaveTheirTurns(Class<?> scenario) {
        for (int seed = 1; seed <= 4; seed++) {
            Report report = Explorations.explore(scenario, SOME.withSeed(seed));
            assertThat(report.passed()).as(report.text()).isFalse();
            assertThat(report.failure().rule()).as(report.text()).isEqualTo("livelock");
            assertThat(report.switches()).as(report.text()).isEqualTo(1);
            again(scenario, report, seed == 1);
        }
    }

    @Test
    void itsRunReplaysAsItWasFound() {
        Report report = Explorations.explore(Turns.BothMakeWay.class, SOME.withShrink(false).withStepLimit(1000));
        assertThat(report.failure().rule()).isEqualTo("livelock");
        again(Turns.BothMakeWay.class, report, false);
        again(Turns.BothMakeWay.class, report, true);
    }

    @Test
    void itsReportShowsWhereTheTurnsBeginAndWhatGoesRound() {
        Report report = Explorations.explore(Turns.BothMakeWay.class, SOME);
        assertThat(report.lines()).hasSizeLessThan(25)
                .anyMatch(line -> line.startsWith(">") && line.contains("from here on all threads step in turn"));
        assertThat(report.text()).containsOnlyOnce("from here on the same again and again, ")
                .contains("steps each time; once:");
        assertThat(report.failure().details())
                .filteredOn(line -> line.contains("at org.smp4j.explore.protocol.Turns$Corridor.pass(")).hasSize(2);
    }

    @Test
    void isShownWithALowerStepLimitAndHoldsWithTheFullOne() {
        Report report = Explorations.explore(Turns.BothMakeWay.class, SOME);
        assertThat(report.failure().message()).startsWith("no end within 1000 steps");
        assertThat(report.notes()).contains("it does not end within " + SOME.stepLimit() + " steps either");
        again(Turns.BothMakeWay.class, report, false);
    }

    /** With the lower step limit a run that only takes long looks like one without an end, and has fewer departures. */
    @Test
    void longRunIsNotTakenForAShrunkOne() {
        Report report = Explorations.explore(Turns.LongOrEndless.class,
                SOME.withSchedules(20_000).withStepLimit(20_000));
        assertThat(report.failure().rule()).as(report.text()).isEqualTo("livelock");
        assertThat(report.switches()).as(report.text()).isEqualTo(3);
        again(Turns.LongOrEndless.class, report, false);
    }

    @ParameterizedTest
    @ValueSource(classes = {Turns.OneMakesWay.class, Turns.Increments.class, Turns.WaitsForFlag.class,
            Turns.BacksOff.class, Turns.Parks.class, Turns.LooksAtTheClock.class, Turns.WaitsOnTheClock.class,
            Turns.Draws.class, Turns.WorksUntilTold.class, Turns.WorksUntilTime.class})
    void whatComesToItsEndIsNoLivelock(Class<?> scenario) {
        for (int seed = 1; seed <= 3; seed++) {
            Report report = Explorations.explore(scenario, SOME.withSeed(seed));
            assertThat(report.passed()).as(report.text()).isTrue();
        }
    }

    /** Nothing is claimed of a run that ends later. */
    @Test
    void whatOnlyTakesLongIsNoLivelock() {
        for (String strategy : List.of("portfolio", "dpor", "bound1")) {
            Report report = Explorations.explore(Turns.DoesTheSame.class, ExploreOptions.DEFAULT.withStepLimit(1000)
                    .withStrategy(strategy).withSchedules(6));
            assertThat(report.passed()).as(report.text()).isTrue();
            assertThat(report.complete()).isFalse();
            assertThat(report.cut()).isPositive();
            assertThat(report.claim()).isEqualTo("nothing is known: every schedule was cut at the step limit");
            assertThat(report.notes()).contains("a run over the step limit of 1000 may only take long: it is cut, and "
                    + "not called a livelock; a higher limit (--step-limit) may let it end");
        }
    }

    /**
     * Meanwhile time stands still, and the first alternative is chosen again and again: this alone may keep the run
     * from ending.
     */
    @ParameterizedTest
    @ValueSource(classes = {Turns.LooksAtTheClock.class, Turns.WaitsOnTheClock.class, Turns.Draws.class})
    void whatTheTimeOrAChoiceWouldEndSaysNothing(Class<?> scenario) {
        Runner runner = new Runner(Explorations.program(scenario), Coroutine.best(), 1000);
        Strategy turns = new RoundRobinStrategy();
        runner.learnConflicts(turns, 1);
        assertThat(RoundRobinStrategy.schedules(runner.x.view)).isPositive();
        int cut = 0;
        for (int i = 0; i < 20; i++) {
            Outcome outcome = runner.run(turns, i, i);
            assertThat(outcome).isIn(Outcome.COMPLETE, Outcome.CUT);
            if (outcome == Outcome.CUT) {
                cut++;
                Departures departures = runner.x.departures();
                assertThat(departures.kind(departures.size() - 1)).isEqualTo(DepartureKind.ROUND_ROBIN);
            }
        }
        assertThat(cut).isPositive();
    }

    @Test
    void aScenarioWithLongRunsIsNotRunByTurns() {
        Runner runner = new Runner(Explorations.program(Turns.Increments.class), Coroutine.best(), 700);
        runner.run(new ReplayStrategy(new Departures()), 0, 0);
        assertThat(RoundRobinStrategy.schedules(runner.x.view)).isZero();
    }
}
