package org.smp4j.tower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.scenario.Programs;
import org.smp4j.selftest.scenario.AffinityWhileMoved;
import org.smp4j.selftest.scenario.MovedWhileWoken;
import org.smp4j.weave.Weave;

/**
 * Two of everything in the tower at the same time: nothing is found; where the protection is missing, it is found what
 * that was for.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TowerTest {
    /**
     * A scenario.
     *
     * @param type what is explored
     * @param frame what only helps the scenario
     * @param twin what takes the protection away
     * @param schedules how many are looked at
     */
    private record Pair(Class<?> type, Weave frame, Weave twin, int schedules) {
        Report explore(Weave weave, int count) {
            LoadedProgram program =
                    new LoadedProgram(type.getName(), Programs.options().withWeaves(frame, weave),
                    TowerTest.class.getClassLoader());
            return Explorer.explore(program, ExploreOptions.DEFAULT.withSchedules(count)
                    .withShrink(false), Explorer.Progress.NONE);
        }

        @Override
        public String toString() {
            return type.getSimpleName();
        }
    }

    private static final Weave NOTHING = Weave.nothing();

    static List<Pair> pairs() {
        return List.of(
                new Pair(WakeBehindCall.class, WakeBehindCall.STAGED, WakeBehindCall.LOOKS_FOR_THE_INTERRUPT, 300),
                new Pair(Wakings.WakeAndExit.class, Wakings.WakeAndExit.SEEN, Wakings.WakeAndExit.UNLOCKED, 2000),
                new Pair(Wakings.WakeAndPark.class, Wakings.WakeAndPark.SLOW, Wakings.WakeAndPark.UNLOCKED, 2000),
                new Pair(Wakings.WakeAndMove.class, NOTHING, Wakings.WakeAndMove.ANYWHERE, 2000),
                new Pair(MovedWhileWoken.class, MovedWhileWoken.FRAME, MovedWhileWoken.CPU_FIRST, 2000),
                new Pair(AffinityWhileMoved.class, AffinityWhileMoved.FRAME, AffinityWhileMoved.CPU_FIRST, 2000),
                new Pair(TimerOfLeavingCpu.class, TimerOfLeavingCpu.STRETCH, TimerOfLeavingCpu.STAYS, 300),
                new Pair(Sleepers.TwoStops.class, NOTHING, Sleepers.TwoStops.UNLOCKED, 2000),
                new Pair(Sleepers.ThreeOwners.class, NOTHING, Sleepers.ThreeOwners.UNLOCKED, 2000),
                new Pair(Sleepers.TwoWriters.class, NOTHING, Sleepers.TwoWriters.BLIND, 1000),
                new Pair(Sleepers.OneAndAll.class, NOTHING, Sleepers.OneAndAll.UNLOCKED, 2000),
                new Pair(Senders.OneCsd.class, NOTHING, Senders.OneCsd.UNLOCKED, 2000),
                new Pair(Senders.OneIrqWork.class, NOTHING, Senders.OneIrqWork.BY_READ_AND_WRITE, 2000),
                new Pair(TwoTimers.class, TwoTimers.SLOW, TwoTimers.UNLOCKED, 500),
                new Pair(StopAndPark.class, NOTHING, StopAndPark.AS_IF_ASLEEP, 500),
                new Pair(StopWhileComing.class, NOTHING, StopWhileComing.AT_ONCE, 300),
                new Pair(StopOnTasksThread.class, NOTHING, StopOnTasksThread.PREEMPTIBLE_BEFORE, 500),
                new Pair(Hotplugs.Instances.class, NOTHING, Hotplugs.Instances.TRUSTED, 300),
                new Pair(TwoKicks.class, NOTHING, TwoKicks.UNLOCKED, 300),
                new Pair(Endings.EndsPinned.class, NOTHING, Endings.EndsPinned.LEFT_PINNED, 300),
                new Pair(Endings.EndsAtomic.class, Endings.EndsAtomic.ATOMIC, Endings.EndsAtomic.COUNT_STAYS, 500),
                new Pair(Endings.EndsWithIrqsOff.class, Endings.EndsAtomic.ATOMIC,
                        Endings.EndsWithIrqsOff.IRQS_STAY_OFF, 500),
                new Pair(Endings.ClosedWhileStopped.class, NOTHING, Endings.ClosedWhileStopped.STAYS_STOPPED, 500));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void nothingIsFound(Pair pair) {
        Report report = pair.explore(NOTHING, pair.schedules);
        assertThat(report.failure()).as(report.text()).isNull();
        assertThat(report.cut()).isZero();
        assertThat(report.notes()).noneMatch(note -> note.startsWith("data race"));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void missingProtectionIsFound(Pair pair) {
        Report report = pair.explore(pair.twin, 30_000);
        assertThat(report.failure()).as(report.text()).isNotNull();
    }

    /** The context that {@link org.smp4j.stop.StopMachine#stopMachineFromInactiveCpu} demands is needed. */
    @Test
    void cpuWhoseStopperTakesWorkMustNotStopTheOthers() {
        Pair pair = new Pair(StopWhileComing.OfItself.class, NOTHING, StopWhileComing.OfItself.NOT_PREEMPTIBLE, 3000);
        for (Weave weave : List.of(NOTHING, pair.twin)) {
            Report report = pair.explore(weave, pair.schedules);
            assertThat(report.failure()).as(report.text()).isNotNull();
            assertThat(report.failure().rule()).isEqualTo("deadlock");
        }
    }
}
