package org.smp4j.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.protocol.BareSeed;
import org.smp4j.explore.protocol.Faults;
import org.smp4j.explore.protocol.Small;
import org.smp4j.explore.replay.Token;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Program;

/** The explorer after a failure, and with runs that do not end. */
class FindingTest {
    private static final ExploreOptions SOME = ExploreOptions.DEFAULT.withSchedules(20_000);
    private static final List<String> STRATEGIES = List.of("portfolio", "random", "pct3", "pos", "surw", "starvation",
            "delay1", "dpor", "sleep-sets", "bound2");

    private final Map<Class<?>, String> tokens = new HashMap<>();
    private final Map<Class<?>, Program> programs = new HashMap<>();

    /** Each kind of failure, and the rule that it breaks. */
    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(Faults.ThrowsInMain.class, "thrown: java.lang.IllegalStateException"),
                Arguments.of(Faults.ThrowsInOther.class, "thrown: java.lang.IllegalStateException"),
                Arguments.of(Faults.Asserts.class, "thrown: java.lang.AssertionError"),
                Arguments.of(Faults.UnlocksTwice.class, "thrown: java.lang.IllegalMonitorStateException"),
                Arguments.of(Faults.ThrowsWhileUnwinding.class, "thrown: java.lang.UnsupportedOperationException"),
                Arguments.of(Faults.Deadlock.class, "deadlock"),
                Arguments.of(Faults.Spins.class, "deadlock"),
                Arguments.of(Faults.Livelock.class, "livelock"),
                Arguments.of(Faults.Races.class, "data race"),
                Arguments.of(Faults.UsesAfterRelease.class, "use after release"),
                Arguments.of(Faults.BreaksARule.class, "halfway"));
    }

    private static void replays(Report report, Class<?> scenario, boolean threads) {
        Report again = Explorer.replay(Explorations.program(scenario), report.token(), threads, Explorer.Progress.NONE);
        assertThat(again.failure().rule()).isEqualTo(report.failure().rule());
        assertThat(again.failure().message()).isEqualTo(report.failure().message());
        assertThat(again.failure().details()).isEqualTo(report.failure().details());
        assertThat(again.lines()).isEqualTo(report.lines());
        assertThat(again.token()).isEqualTo(report.token());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void failureOfEveryKindReplays(Class<?> scenario, String rule) {
        ExploreOptions options = SOME.withDataRaces(rule.equals("data race"));
        // a spinning strand goes on a few thousand times before it counts as stuck
        boolean waits = rule.equals("deadlock");
        for (int stepLimit : waits ? new int[] {5000, 20_000} : new int[] {200, 1000, 5000}) {
            Report report = Explorations.explore(scenario, options.withStepLimit(stepLimit));
            assertThat(report.failure().rule()).as(report.text()).isEqualTo(rule);
            assertThat(report.switches()).as(report.text()).isLessThanOrEqualTo(4);
            replays(report, scenario, false);
            replays(report, scenario, true);
        }
        for (boolean shrink : new boolean[] {true, false}) {
            int found = 0;
            for (String strategy : STRATEGIES) {
                Report report = Explorations.explore(scenario,
                        options.withStrategy(strategy).withStepLimit(waits ? 5000 : 300).withSchedules(500)
                        .withShrink(shrink));
                if (!report.passed()) { // not every strategy finds it within so few schedules
                    found++;
                    replays(report, scenario, false);
                }
            }
            assertThat(found).isGreaterThanOrEqualTo(STRATEGIES.size() / 2);
        }
    }

    /** These take longer: a loop counts as endless only after many turns. */
    @ParameterizedTest
    @MethodSource
    void loopThatMakesNoStepIsAFailureAndReplays(Class<?> scenario, String place) {
        Report report = Explorations.explore(scenario, SOME.withBudget(TimeUnit.MINUTES.toNanos(2)));
        assertThat(report.failure().rule()).as(report.text()).isEqualTo("livelock");
        assertThat(report.text()).contains("at org.smp4j.explore.protocol.Faults$" + place);
        replays(report, scenario, false);
    }

    static Stream<Arguments> loopThatMakesNoStepIsAFailureAndReplays() {
        return Stream.of(Arguments.of(Faults.Computes.class, "Computes.mine("),
                Arguments.of(Faults.WalksInACircle.class, "WalksInACircle.mine("),
                Arguments.of(Faults.ComputesAlone.class, "ComputesAlone.run("));
    }

    @Test
    void longComputationIsNoLoopWithoutEnd() {
        assertThat(Explorations.explore(Faults.ComputesForLong.class, SOME.withSchedules(20)).passed()).isTrue();
    }

    @Test
    void livelockIsShownOnceWithItsStacks() {
        Report report = Explorations.explore(Faults.Livelock.class, SOME.withStepLimit(1000));
        assertThat(report.failure().details())
                .anyMatch(line -> line.contains("at org.smp4j.explore.protocol.Faults$Livelock.goRound("))
                .anyMatch(line -> line.contains("at org.smp4j.explore.protocol.Faults$Livelock.mine("));
        assertThat(report.lines()).hasSizeLessThan(20);
        assertThat(report.text()).contains("from here on the same again and again, 1 step each time; once:");
    }

    @Test
    void runBeforeTheFirstScheduleIsCalledSo() {
        Report early = Explorations.explore(Small.Livelock.class, SOME.withStepLimit(1000));
        assertThat(early.failedSchedule()).isZero();
        assertThat(early.schedules()).isZero();
        assertThat(early.distinct()).isZero();
        assertThat(early.runs()).isEqualTo(early.surveyed()).isPositive();
        assertThat(early.text()).contains("in run " + early.surveyed() + " of those before the first schedule")
                .doesNotContain("in schedule");
    }

    @Test
    void neverMoreSchedulesThanAskedForNorMoreDistinctOnesThanSchedules() {
        for (String strategy : STRATEGIES) {
            for (long schedules : new long[] {1, 3, 64, 70, 200}) {
                for (Class<?> scenario : new Class<?>[] {BareSeed.Rated.class, Small.PlainReader.class,
                        Small.DataRace.class, Small.Timeouts.class}) {
                    Report report = Explorations.explore(scenario,
                            SOME.withStrategy(strategy).withSchedules(schedules).withShrink(false));
                    assertThat(report.schedules()).as(report.text()).isLessThanOrEqualTo(schedules);
                    assertThat(report.distinct()).as(report.text()).isLessThanOrEqualTo(report.schedules());
                }
            }
        }
    }

    /** Asks to stop after a number of calls. */
    private static final class Impatient implements Explorer.Progress {
        private final int patience;
        private int asked;

        Impatient(int patience) {
            this.patience = patience;
        }

        @Override
        public boolean at(long schedules, long distinct, long steps) {
            return true;
        }

        @Override
        public synchronized boolean stopped() {
            return ++asked > patience;
        }
    }

    @Test
    void aRequestToStopEndsARunningRun() {
        Program program = Explorations.program(Small.Livelock.class);
        ExploreOptions forEver = SOME.withStepLimit(Run.MOST_STEPS);
        assertThatThrownBy(() -> Explorer.explore(program, forEver, new Impatient(20)))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("before its first run had ended: nothing is known");
        assertThatThrownBy(() -> Explorations.explore(Small.Livelock.class, forEver.withBudget(1_000_000)))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("before its first run had ended: nothing is known");
    }

    @Test
    void aRequestToStopEndsShrinking() {
        Program program = Explorations.program(BareSeed.LongWindow.class);
        Report whole = Explorer.explore(program, SOME.withStrategy("random"), Explorer.Progress.NONE);
        assertThat(whole.notes()).noneMatch(note -> note.contains("ended early"));
        Report report = null;
        for (int questions = 1; report == null || report.passed(); questions++) {
            try {
                report = Explorer.explore(program, SOME.withStrategy("random"), new Impatient(questions));
            } catch (ExplorerException e) {
                assertThat(e).hasMessageContaining("before its first run");
            }
        }
        assertThat(report.notes()).anyMatch(note -> note.contains("shrinking has ended early"));
        assertThat(report.switches()).isGreaterThanOrEqualTo(whole.switches());
        replays(report, BareSeed.LongWindow.class, false);
    }

    @Test
    void tokenThatCanNotBeKeptIsToldInTheReport(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Report report = Explorations.explore(Small.LockOrder.class, SOME.withTokenFile(file.resolve("token")));
        assertThat(report.failure().rule()).isEqualTo("deadlock");
        assertThat(report.text()).contains("note: the token could not be kept in " + file.resolve("token"));
        assertThat(Explorations.explore(Small.LockOrder.class, SOME.withTokenFile(folder)).text())
                .contains("note: the token could not be kept in " + folder);
    }

    /** Such a token has the right checksum; only its contents are wrong. */
    @Test
    void forgedTokensAreRefusedInOneLine() {
        Class<?>[] scenarios = {Faults.Deadlock.class, Faults.Races.class, Small.Choice.class};
        int refused = 0;
        for (int i = 0; i < 900; i++) {
            Class<?> scenario = scenarios[i % scenarios.length];
            boolean races = scenario == Faults.Races.class;
            String token = tokens.computeIfAbsent(scenario,
                    each -> Explorations.explore(each, SOME.withDataRaces(races)).token());
            String forged = forge(token, new Random(i));
            try {
                Explorer.replay(programs.computeIfAbsent(scenario, Explorations::program), forged, false,
                        Explorer.Progress.NONE).text();
            } catch (ExplorerException e) {
                refused++;
                assertThat(e.getMessage()).as(forged).doesNotContain("\n")
                        .containsAnyOf("the token is damaged", "the program has changed since");
            }
        }
        assertThat(refused).isGreaterThan(500);
        assertThatThrownBy(() -> Explorer.replay(Explorations.program(Faults.Deadlock.class),
                "smp4j1:a:____________AQE:" + Token.checksum("a:____________AQE"), false, Explorer.Progress.NONE))
                .isInstanceOf(ExplorerException.class).hasMessageContaining("the token is damaged");
    }

    private static String forge(String token, Random random) {
        String[] parts = token.split(":");
        byte[] bytes = Base64.getUrlDecoder().decode(parts[2]);
        switch (random.nextInt(4)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(4));
            case 2 -> Arrays.fill(bytes, random.nextInt(bytes.length), bytes.length, (byte) -1);
            // the step limit stays: a replay may take long, too
            default -> bytes[random.nextInt(bytes.length - 4)] ^= (byte) (1 << random.nextInt(8));
        }
        String body = parts[1] + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return "smp4j1:" + body + ":" + Token.checksum(body);
    }

    @Test
    void tokensFromBeforeTheyToldTheLimitOfStepsAreRead() {
        Report report = Explorations.explore(Faults.Deadlock.class, SOME);
        Token now = Token.parse(report.token());
        String[] parts = report.token().split(":");
        byte[] bytes = Base64.getUrlDecoder().decode(parts[2]);
        assertThat(now.stepLimit).isEqualTo(100_000);
        // three bytes for the limit
        String body = parts[1] + ":" + Base64.getUrlEncoder().withoutPadding()
                .encodeToString(Arrays.copyOf(bytes, bytes.length - 4));
        Report again = Explorer.replay(Explorations.program(Faults.Deadlock.class),
                "smp4j1:" + body + ":" + Token.checksum(body), false, Explorer.Progress.NONE);
        assertThat(again.failure()).isEqualTo(report.failure());
    }

    @Test
    void aReplayEndsWhereItIsAskedTo() {
        Report report = Explorations.explore(Faults.Deadlock.class, SOME);
        Explorer.Progress stopped = new Explorer.Progress() {
            @Override
            public boolean at(long schedules, long distinct, long steps) {
                return true;
            }

            @Override
            public boolean stopped() {
                return true;
            }
        };
        assertThatThrownBy(() -> Explorer.replay(Explorations.program(Faults.Deadlock.class), report.token(), false,
                stopped)).isInstanceOf(ExplorerException.class)
                .hasMessageContaining("the replay was stopped before the run that the token stands for had been made");
    }

    /** Its thread remains until it is released; the JVM of the tests goes on. */
    @Test
    void whatBlocksForRealIsToldAndLeftBehind() throws InterruptedException {
        Program program = Explorations.program(Faults.BlocksForReal.class);
        try {
            assertThatThrownBy(() -> Explorer.explore(program, SOME.withBudget(1_000_000), Explorer.Progress.NONE))
                    .isInstanceOf(ExplorerException.class)
                    .hasMessageContaining("does not end, and can't be stopped")
                    .hasMessageContaining("at org.smp4j.explore.protocol.Faults$BlocksForReal.");
            assertThatThrownBy(() -> Explorations.explore(Small.LockOrder.class, SOME))
                    .isInstanceOf(ExplorerException.class)
                    .hasMessageContaining("an earlier exploration in this JVM still hangs");
        } finally {
            System.setProperty(Faults.BlocksForReal.GO, "");
            for (int i = 0; ExplorationThread.hangs() && i < 12_000; i++) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            System.clearProperty(Faults.BlocksForReal.GO);
        }
        assertThat(Explorations.explore(Small.LockOrder.class, SOME).failure().rule()).isEqualTo("deadlock");
    }
}
