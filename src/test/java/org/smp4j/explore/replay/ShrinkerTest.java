package org.smp4j.explore.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.smp4j.explore.Explorations;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.protocol.Detours;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Stop;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/** Shrinking runs in which no single departure can be left out, but which still contain a detour. */
class ShrinkerTest {
    /** The first of two strands is preempted before each second look, for a few steps of the other. */
    private static final class ALittleLate extends Strategy {
        private static final int ROUND = 3;
        private static final int STEPS = 4;

        private int since;

        @Override
        public String name() {
            return "a little late";
        }

        @Override
        public Strategy begin(Run x, long schedule, long seed) {
            return this;
        }

        @Override
        public int pick(Run x, Strand current, StrandSet menu) {
            int fallback = x.byDefault(current, menu);
            if (current.id == 1 && fallback == 1 && current.point() % ROUND == 0) {
                since = 0;
                return 2;
            }
            return current.id == 2 && ++since == STEPS ? 1 : fallback;
        }
    }

    private static Shrinker shrunk(Runner runner, Stop stop) {
        Failure failure = runner.x.failure();
        assertThat(failure).isNotNull();
        Shrinker shrinker = new Shrinker(runner, runner.x.departures(), failure.rule(), stop);
        shrinker.shrink();
        assertThat(shrinker.rule()).isEqualTo(failure.rule());
        assertThat(runner.breaks(shrinker.departures(), failure.rule())).isTrue();
        return shrinker;
    }

    private static Runner late() {
        Runner runner = new Runner(Explorations.program(Detours.LateAgain.class), Coroutine.best(), 100_000);
        runner.run(new ReplayStrategy(new Departures()), 0, 0); // classes are initialized
        runner.run(new ALittleLate(), 0, 0);

        assertThat(runner.x.failure()).as("departs " + runner.x.departures()).isNotNull();
        assertThat(runner.x.departures().size()).isEqualTo(12);
        return runner;
    }

    @Test
    void aSingleStrandThatIsLateForLongIsFoundBehindMuchThatIsLateALittle() {
        Departures first = shrunk(late(), Stop.never()).departures();
        assertThat(first.size()).isEqualTo(3);
        assertThat(shrunk(late(), Stop.never()).departures()).isEqualTo(first);
    }

    @Test
    void whatWasFoundIsKeptWhereThereIsNoTime() {
        Stop over = Stop.never();
        over.request();
        Runner runner = late();
        Departures found = runner.x.departures().copy();
        assertThat(shrunk(runner, over).departures()).isEqualTo(found);
    }

    @Test
    void aRunWithoutAnEndIsOneBySomeTurns() {
        Report report = Explorations.explore(Detours.WaitsForQuiet.class,
                ExploreOptions.DEFAULT.withStrategy("random").withStepLimit(2000));
        assertThat(report.failure().rule()).as(report.text()).isEqualTo("livelock");
        assertThat(report.switches()).as(report.text()).isLessThanOrEqualTo(4);
        Report again = Explorer.replay(Explorations.program(Detours.WaitsForQuiet.class), report.token(), false,
                Explorer.Progress.NONE);
        assertThat(again.failure().rule()).isEqualTo("livelock");
    }
}
