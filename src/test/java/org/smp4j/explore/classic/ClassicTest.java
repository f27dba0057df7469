package org.smp4j.explore.classic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.run.Program;

/** The default settings find, replay and shrink small races of ordinary programs; their correct twins pass. */
class ClassicTest {
    private static final int SEEDS = 3;

    private static Program load(Class<?> scenario) {
        return new LoadedProgram(scenario.getName(), RewriteOptions.defaults(), ClassicTest.class.getClassLoader());
    }

    @ParameterizedTest
    @ValueSource(classes = {Data.LostUpdate.class, Data.DoubleChecked.class, Data.TreiberStack.class,
            Data.TornPair.class, Data.CheckThenAct.class, Data.Seqlock.class, Order.LostWakeUp.class,
            Order.LockOrder.class, Order.MissedSignal.class, Order.Philosophers.class, Order.Peterson.class,
            Order.BoundedBuffer.class})
    void raceIsFoundShrunkAndReplayed(Class<?> race) {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Report report = Explorer.explore(load(race), ExploreOptions.DEFAULT.withSeed(seed), Explorer.Progress.NONE);
            assertThat(report.passed()).as(report::text).isFalse();
            assertThat(report.switches()).as(report::text).isBetween(1, 3);
            assertThat(report.lines()).as("lines").hasSizeBetween(2, 60);
            Report again = Explorer.replay(load(race), report.token(), false, Explorer.Progress.NONE);
            assertThat(again.failure().rule()).isEqualTo(report.failure().rule());
            assertThat(again.lines()).isEqualTo(report.lines());
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Data.AtomicUpdate.class, Data.DoubleCheckedRight.class, Data.FreshNodes.class,
            Data.WholePair.class, Data.PutIfAbsent.class, Data.SeqlockRight.class, Order.WakeUp.class,
            Order.OneOrder.class, Order.Signal.class, Order.LeftHanded.class, Order.PetersonRight.class,
            Order.BoundedBufferRight.class})
    void correctTwinPasses(Class<?> twin) {
        Report report = Explorer.explore(load(twin), ExploreOptions.DEFAULT, Explorer.Progress.NONE);
        assertThat(report.passed()).as(report::text).isTrue();
        assertThat(report.distinct()).isGreaterThan(1);
        assertThat(report.cut()).isZero();
    }
}
