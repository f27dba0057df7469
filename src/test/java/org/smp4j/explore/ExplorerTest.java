package org.smp4j.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.protocol.BareSeed;
import org.smp4j.explore.protocol.Small;
import org.smp4j.explore.replay.ReplayStrategy;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.replay.Token;
import org.smp4j.explore.run.Program;
import org.smp4j.explore.strategy.RandomStrategy;

class ExplorerTest {
    private static final ExploreOptions SOME = ExploreOptions.DEFAULT.withSchedules(500);

    @ParameterizedTest
    @ValueSource(strings = {"portfolio", "random", "pct3", "pos", "surw", "starvation", "delay1", "delay2", "dpor",
            "sleep-sets", "bound2"})
    void everyStrategyFindsTheSeedsRace(String strategy) {
        Report report = Explorations.explore(BareSeed.Preemptible.class,
                ExploreOptions.DEFAULT.withStrategy(strategy).withSchedules(100_000));
        assertThat(report.failure().message()).contains("lost call");
        assertThat(report.switches()).isLessThanOrEqualTo(3);
    }

    @Test
    void aWindowOfManyHandshakesIsFoundSoon() {
        Program program = Explorations.program(BareSeed.LongWindow.class);
        for (int seed = 1; seed <= 200; seed++) {
            Report report = Explorer.explore(program,
                    ExploreOptions.DEFAULT.withSeed(seed).withSchedules(100).withShrink(false), Explorer.Progress.NONE);
            assertThat(report.runs()).as("seed %d", seed).isBetween(1L, 100L);
        }
    }

    @Test
    void whatShouldHoldHolds() {
        Report report = Explorations.explore(BareSeed.Rated.class, SOME.withSchedules(5000));
        assertThat(report.passed()).isTrue();
        assertThat(report.distinct()).isGreaterThan(1000);
        assertThat(report.claim()).startsWith("nothing found");
    }

    @Test
    void codeThatTheJvmRefusesIsNoFailureOfTheScenario() {
        assertThatThrownBy(() -> Explorations.explore(Small.Unverifiable.class, SOME))
                .isInstanceOf(ExplorerException.class).hasMessageContaining("the JVM refuses");
    }

    @Test
    void aBoundClaimsNoMoreThanItself() {
        Report report = Explorations.explore(BareSeed.One.class,
                ExploreOptions.DEFAULT.withStrategy("bound1").withSchedules(100_000));
        assertThat(report.complete()).isTrue();
        assertThat(report.claim()).contains("with at most 1 departures").contains("nothing is said of runs with more");
    }

    @Test
    void deadlockNamesEachWaiterAndItsLock() {
        Report report = Explorations.explore(Small.LockOrder.class, SOME);
        assertThat(report.failure().rule()).isEqualTo("deadlock");
        assertThat(report.text()).contains("T0 waits for Object#").contains("held by T1")
                .contains("T1 waits for Object#").contains("held by T0");
    }

    @Test
    void aThreadThatSpinsForEverIsInADeadlock() {
        Report report = Explorations.explore(Small.SpinsForEver.class, SOME);
        assertThat(report.failure().rule()).isEqualTo("deadlock");
        assertThat(report.text()).contains("T0 spins").contains("SpinsForEver#0.flag");
    }

    @Test
    void spinnersThatNoThreadCanReleaseAreInADeadlock() {
        Report report = Explorations.explore(Small.SpinLockOrder.class, SOME);
        assertThat(report.failure().rule()).isEqualTo("deadlock");
        assertThat(Explorations.explore(Small.CountedSpins.class, SOME).passed()).isTrue();
        assertThat(Explorations.explore(Small.TimedSpins.class, SOME).passed()).isTrue();
    }

    @Test
    void livelock() {
        Report report = Explorations.explore(Small.Livelock.class, SOME.withStepLimit(1000));
        assertThat(report.failure().rule()).isEqualTo("livelock");
    }

    @Test
    void aLoopThatReachesNothingSharedIsALivelock() {
        Report report = Explorations.explore(Small.Ring.class, SOME);
        assertThat(report.failure().message())
                .contains("is in an endless loop that reaches nothing which another thread could change");
    }

    @Test
    void plainFieldsThatAreSharedOnlyWhereItWentWrong() {
        for (int seed = 1; seed <= 10; seed++) {
            Report report = Explorations.explore(Small.BrokenFlags.class, SOME.withSchedules(10_000).withSeed(seed));
            assertThat(report.text()).contains("both are inside");
            assertThat(Explorer.replay(Explorations.program(Small.BrokenFlags.class), report.token(), false,
                    Explorer.Progress.NONE).text()).contains("both are inside");
        }
    }

    @Test
    void aPlainReadOfWhatIsWrittenAtomicallyIsAStep() {
        for (String strategy : new String[] {"portfolio", "dpor", "bound2"}) {
            Report report = Explorations.explore(Small.PlainReader.class, SOME.withStrategy(strategy));
            assertThat(report.passed()).as(strategy).isFalse();
            assertThat(report.text()).contains("it changed in between");
        }
    }

    @Test
    void whatIsGivenUpIsNotTouched() {
        Report report = Explorations.explore(Small.GivenUp.class, SOME);
        assertThat(report.failure().rule()).isEqualTo("use after release");
        assertThat(report.text()).contains("T1 uses Thing#0 at Small$GivenUp").contains("after main gave it up");
        assertThat(Explorations.explore(Small.NotGivenUp.class, SOME).passed()).isTrue();
        assertThat(Explorations.explore(Small.LetGo.class, SOME).failure().message()).startsWith("T1 uses LetGo#0")
                .contains("it had let go of it");
    }

    @Test
    void aScheduleThatIsCutIsNoPass() {
        Report report = Explorations.explore(Small.Long.class,
                SOME.withStrategy("bound1").withStepLimit(100).withSchedules(100_000));
        assertThat(report.cut()).isPositive();
        assertThat(report.complete()).isFalse();
        assertThat(report.text()).contains("cut at the step limit, about which nothing is claimed");
    }

    @Test
    void timePassesOnlyIfNoStrandCanStepAndInOrder() {
        assertThat(Explorations.explore(Small.Timeouts.class, SOME).passed()).isTrue();
    }

    @Test
    void choicesAreExplored() {
        assertThat(Explorations.explore(Small.Choice.class, SOME).failure().message()).contains("the third");
        assertThat(Explorations.explore(Small.Choice.class, SOME.withStrategy("dpor")).failure().message())
                .contains("the third");
    }

    @Test
    void staticsStartAsTheyWere() {
        assertThat(Explorations.explore(Small.Statics.class, SOME).passed()).isTrue();
    }

    @Test
    void nothingIsKeptOfAProgramThatWasExplored() throws InterruptedException {
        ReferenceQueue<Class<?>> unloaded = new ReferenceQueue<>();
        List<Reference<?>> loaded = exploreHandles(unloaded);
        int sites = Sites.count();
        exploreHandles(new ReferenceQueue<>());
        assertThat(Sites.count()).isEqualTo(sites);
        assertThat(loaded).isNotEmpty();
        for (int turn = 0; turn < 200 && !loaded.isEmpty(); turn++) {
            System.gc();
            loaded.remove(unloaded.remove(100));
        }
        assertThat(loaded).isEmpty();
    }

    private static List<Reference<?>> exploreHandles(ReferenceQueue<Class<?>> unloaded) {
        List<Reference<?>> loaded = new ArrayList<>();
        String name = BareSeed.Rated.class.getName();
        Program program = new LoadedProgram(name, name, RewriteOptions.defaults(),
                ExplorerTest.class.getClassLoader(), type -> {
            loaded.add(new WeakReference<>(type, unloaded));
            return () -> ((Runnable) type.getConstructor().newInstance()).run();
        });
        assertThat(Explorer.explore(program, SOME, Explorer.Progress.NONE).passed()).isTrue();
        return loaded;
    }

    @Test
    void aScenarioThatRemembersIsAnError() {
        assertThatThrownBy(() -> Explorations.explore(Small.Remembers.class, SOME))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("the same schedule ran twice and was not the same");
    }

    @Test
    void whereThereIsNothingToDecideOneScheduleIsAll() {
        for (String strategy : new String[] {"portfolio", "pct", "dpor", "bound2"}) {
            Report report = Explorations.explore(Small.Alone.class, SOME.withStrategy(strategy));
            assertThat(report.passed()).isTrue();
            assertThat(report.schedules()).isEqualTo(1);
        }
        assertThat(Explorations.explore(Small.Alone.class, SOME).text())
                .contains("note: there was nothing to decide: a single thread ran");
    }

    @Test
    void dataRacesOnRequest() {
        assertThat(Explorations.explore(Small.DataRace.class, SOME).passed()).isTrue();
        Report report = Explorations.explore(Small.DataRace.class, SOME.withDataRaces(true));
        assertThat(report.failure().rule()).isEqualTo("data race");
        assertThat(report.failure().message()).contains("Small$DataRace.plain")
                .contains("with nothing that orders them");
    }

    @Test
    void continuationsAndThreadsGiveTheSameReport() {
        for (Class<?> scenario : new Class<?>[] {BareSeed.Rated.class, BareSeed.Preemptible.class,
                Small.LockOrder.class, Small.Parks.class, Small.Throws.class}) {
            String onContinuations = Explorations.explore(scenario, SOME.withSchedules(50)).text();
            String onThreads = Explorations.explore(scenario, SOME.withSchedules(50).withThreads(true)).text();
            assertThat(onContinuations).contains("strands on continuations");
            assertThat(onThreads.replace("strands on threads", "strands on continuations")).isEqualTo(onContinuations);
        }
    }

    @Test
    void whereAnExceptionComesFromIsToldWithoutOtherStrands() {
        Failure failure = Explorations.explore(Small.Throws.class, SOME).failure();
        assertThat(failure.details()).noneMatch(line -> line.contains("Small.run("))
                .anyMatch(line -> line.contains("Small$Throws.fails("));
        assertThat(failure.thrown().getStackTrace()).isNotEmpty()
                .noneMatch(frame -> frame.getMethodName().equals("join"));
    }

    @Test
    void theSameTwice() {
        String first = Explorations.explore(BareSeed.Rated.class, SOME.withSeed(7)).text();
        assertThat(Explorations.explore(BareSeed.Rated.class, SOME.withSeed(7)).text()).isEqualTo(first);
        assertThat(Explorations.explore(BareSeed.Rated.class, SOME.withSeed(8)).text()).isNotEqualTo(first);
    }

    @Test
    void tokensReplayTheSameRunAThousandTimes(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("token");
        Report report = Explorations.explore(BareSeed.Preemptible.class, ExploreOptions.DEFAULT.withTokenFile(file));
        assertThat(Files.readString(file).strip()).isEqualTo(report.token());
        assertThat(report.token()).hasSizeLessThan(200);
        Token token = Token.parse(report.token());
        Sites.share(token.shared);
        Runner runner = new Runner(Explorations.program(BareSeed.Preemptible.class), Coroutine.best(), 100_000);
        for (int i = 0; i < 1000; i++) {
            assertThat(runner.run(new ReplayStrategy(token.departures), 0, 0)).isEqualTo(Outcome.FAILED);
            assertThat(runner.x.departures()).isEqualTo(token.departures);
            assertThat(runner.x.hash() & 0xffffff).isEqualTo(token.hash);
        }
        Report again = Explorer.replay(Explorations.program(BareSeed.Preemptible.class), report.token(), false,
                Explorer.Progress.NONE);
        assertThat(again.failure().message()).isEqualTo(report.failure().message());
        assertThat(again.lines()).isEqualTo(report.lines());
    }

    @Test
    void tokensThatDoNotFit() {
        Report report = Explorations.explore(BareSeed.Preemptible.class, SOME);
        String token = report.token();
        Program other = Explorations.program(BareSeed.One.class);
        assertThatThrownBy(() -> Explorer.replay(other, token, false, Explorer.Progress.NONE))
                .isInstanceOf(ExplorerException.class).hasMessageContaining("the token is about");
        assertThatThrownBy(() -> Explorer.scenarioOf("nonsense")).isInstanceOf(ExplorerException.class)
                .hasMessageContaining("not a token");
        assertThatThrownBy(() -> Explorer.scenarioOf(token.replace("smp4j1:", "smp4j9:")))
                .hasMessageContaining("this version reads smp4j1");
        int middle = token.lastIndexOf(':') - 3;
        char changed = token.charAt(middle) == 'A' ? 'B' : 'A';
        assertThatThrownBy(() -> Explorer.scenarioOf(token.substring(0, middle) + changed
                + token.substring(middle + 1)))
                .isInstanceOf(ExplorerException.class).hasMessageContaining("the token is damaged");
        // The same departures in a program that has changed: here the correct twin.
        Token parsed = Token.parse(token);
        String moved = new Token(BareSeed.One.class.getName(), parsed.departures, parsed.labels, parsed.reductions,
                parsed.steps, parsed.hash, parsed.shared, parsed.stepLimit, parsed.watch, parsed.memory,
                parsed.leeway, parsed.inside, parsed.libraries).toString();
        assertThatThrownBy(() -> Explorer.replay(other, moved, false, Explorer.Progress.NONE))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("the program has changed since this token was made");
    }

    @Test
    void optionsThatMakeNoSense() {
        assertThatThrownBy(() -> ExploreOptions.DEFAULT.withStrategy("luck")).isInstanceOf(ExplorerException.class)
                .hasMessageContaining("one of portfolio");
        assertThatThrownBy(() -> ExploreOptions.DEFAULT.withSchedules(0)).isInstanceOf(ExplorerException.class);
        assertThatThrownBy(() -> ExploreOptions.DEFAULT.withStepLimit(1)).isInstanceOf(ExplorerException.class);
    }

    @Test
    void threadThatRunsAProgramKeepsItsClassLoader() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        new Runner(Explorations.program(Small.Counter.class), Coroutine.best(), 100_000)
                .run(new RandomStrategy(), 0, 1);
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }
}
