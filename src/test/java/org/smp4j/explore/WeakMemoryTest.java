package org.smp4j.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.model.Timeouts;
import org.smp4j.explore.protocol.Spun;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.Strategy;
import org.smp4j.explore.samples.Weak;
import org.smp4j.explore.strategy.RandomStrategy;

/** Explored programs whose outcome depends on the memory model. */
class WeakMemoryTest {
    private static final ExploreOptions SEARCH = ExploreOptions.DEFAULT.withStrategy("bound2").withSchedules(100_000);
    private static final List<Class<?>> BUFFERS = List.of(Weak.Buffers.class);
    /** In these only Java's access modes let a thread see what goes wrong. */
    private static final List<Class<?>> ORDERS = List.of(Weak.Message.class, Weak.PlainMessage.class,
            Weak.ElementMessage.class, Weak.AtomicMessage.class, Weak.MisplacedVolatile.class,
            Weak.ExchangeBuffers.class, Weak.FailedExchange.class, Weak.Exchange.class, Weak.HalfLocked.class,
            Weak.SpinningOpaquely.class, Weak.PassedOn.class, Weak.TwoMessages.class, Weak.Published.class);
    private static final List<Class<?>> RIGHT = List.of(Weak.OrderedMessage.class, Weak.FencedMessage.class,
            Weak.FencedBuffers.class, Weak.VolatileAtomicMessage.class, Weak.VolatileFlag.class,
            Weak.VolatileBuffers.class, Weak.Locked.class, Weak.Spinning.class, Weak.Parked.class,
            Weak.Interrupted.class, Weak.StartedAndJoined.class, Weak.Started.class, Weak.Queued.class,
            Weak.OwnWrite.class, Weak.Counting.class, Weak.FirstWrites.class, Weak.OrderedWrites.class,
            Weak.WeakExchange.class, Weak.WeakExchangeLoop.class, Weak.ReadTwice.class,
            Weak.ReadTwiceOpaquely.class, Weak.PublishedFinal.class);

    private static Report explore(Class<?> scenario, ExploreOptions options) {
        return Explorations.explore(scenario, options);
    }

    static Stream<Class<?>> all() {
        return Stream.of(BUFFERS, ORDERS, RIGHT).flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aSearchFindsWhatTheModelAllowsAndNothingElse(Class<?> scenario) {
        Map<MemoryModel, Boolean> passes = Map.of(MemoryModel.SC, true,
                MemoryModel.TSO, !BUFFERS.contains(scenario), MemoryModel.JAVA, RIGHT.contains(scenario));
        passes.forEach((model, does) -> {
            Report report = explore(scenario, SEARCH.withMemory(model));
            assertThat(report.passed()).as("%s under %s: %s", scenario, model, report.text()).isEqualTo(does);
            assertThat(report.complete()).isEqualTo(does);
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void aReducedSearchFindsTheSame(Class<?> scenario) {
        for (MemoryModel model : new MemoryModel[] {MemoryModel.TSO, MemoryModel.JAVA}) {
            Report report = explore(scenario, SEARCH.withStrategy("dpor").withMemory(model));
            boolean passes = model == MemoryModel.TSO ? !BUFFERS.contains(scenario) : RIGHT.contains(scenario);
            assertThat(report.passed()).as("%s: %s", scenario, report.text()).isEqualTo(passes);
            assertThat(report.complete()).isEqualTo(passes);
            if (passes) {
                assertThat(report.claim()).startsWith("proven for all runs under the memory model "
                        + model.name().toLowerCase(Locale.ROOT));
            }
        }
    }

    /** Two departures are not enough for it. */
    @Test
    void aReducedSearchHasNoBound() {
        ExploreOptions dpor = SEARCH.withStrategy("dpor");
        assertThat(explore(Weak.Readers.class, dpor).complete()).isTrue();
        assertThat(explore(Weak.Readers.class, SEARCH.withMemory(MemoryModel.JAVA)).passed()).isTrue();
        Report report = explore(Weak.Readers.class, dpor.withMemory(MemoryModel.JAVA));
        assertThat(report.passed()).as(report.text()).isFalse();
        assertThat(report.switches()).isEqualTo(3);
    }

    /** What is an option: found with it, by one departure, replayed, and proven absent where the program is right. */
    @ParameterizedTest
    @CsvSource({"FirstWrites, OrderedWrites, insertion, lands before the store of ",
        "WeakExchange, WeakExchangeLoop, spurious, fails without a cause",
        "ReadTwice, ReadTwiceOpaquely, incoherent, was seen before, but plain reads may go back"})
    void optionsAddWaysToDepart(String wrong, String right, String option, String text)
            throws ReflectiveOperationException {
        Leeway leeway = new Leeway(Timeouts.SHORT, option.equals("spurious"), false, option.equals("insertion"),
                option.equals("incoherent"));
        ExploreOptions options = SEARCH.withMemory(MemoryModel.JAVA).withLeeway(leeway);
        Class<?> failing = Class.forName(Weak.class.getName() + "$" + wrong);
        for (String strategy : new String[] {"bound2", "portfolio"}) {
            Report report = explore(failing, options.withStrategy(strategy));
            assertThat(report.passed()).as(report.text()).isFalse();
            assertThat(report.switches()).as(report.text()).isEqualTo(1);
            assertThat(report.text()).contains(text);
            Report again = Explorer.replay(Explorations.program(failing), report.token(), false,
                    Explorer.Progress.NONE);
            assertThat(again.lines()).isEqualTo(report.lines());
        }
        Report report = explore(Class.forName(Weak.class.getName() + "$" + right), options);
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(report.complete()).isTrue();
        assertThat(report.claim()).doesNotContain(switch (option) {
            case "insertion" -> "writes that land";
            case "incoherent" -> "plain reads that go back";
            default -> "no weak compare-and-set";
        });
    }

    /** A read that seeks the oldest value finds it in each schedule; an interrupt that comes meanwhile seeks none. */
    @Test
    void aSoughtOldValueIsReadInEachSchedule() {
        int interrupted = 0;
        for (int seed = 1; seed <= 10; seed++) {
            ExploreOptions few = ExploreOptions.DEFAULT.withMemory(MemoryModel.JAVA).withSeed(seed).withSchedules(10);
            Report report = explore(Weak.SoughtMessage.class, few);
            assertThat(report.passed()).as("seed %d", seed).isFalse();
            assertThat(Explorer.replay(Explorations.program(Weak.SoughtMessage.class), report.token(), false,
                    Explorer.Progress.NONE).lines()).isEqualTo(report.lines());
            assertThat(explore(Weak.OrderedSoughtMessage.class, few.withSchedules(300)).passed()).isTrue();
            interrupted += explore(Weak.InterruptedSeeker.class, few).passed() ? 0 : 1;
        }
        assertThat(interrupted).isLessThan(8); // that read is one of many that may be old
        assertThat(explore(Weak.SoughtMessage.class, SEARCH).passed()).isTrue(); // sequentially consistent
    }

    @Test
    void searchesOfAllOrdersMakeWeakExchangesFail() {
        for (String strategy : new String[] {"dpor", "sleep-sets"}) {
            ExploreOptions options = SEARCH.withStrategy(strategy)
                    .withLeeway(new Leeway(Timeouts.SHORT, true, false));
            Report found = explore(Weak.WeakExchange.class, options);
            assertThat(found.passed()).isFalse();
            assertThat(found.text()).contains("fails without a cause");
            assertThat(explore(Weak.FirstWrites.class, options).complete()).isTrue();
        }
    }

    /** The end of a spin loop orders the strands' steps, but what has been read has to come after less. */
    @Test
    void aThreadThatSpunMayMissWhatItHasNotRead() {
        for (String strategy : new String[] {"dpor", "sleep-sets"}) {
            Report report = explore(Spun.class, SEARCH.withStrategy(strategy).withMemory(MemoryModel.JAVA));
            assertThat(report.passed()).as(report.text()).isFalse();
            assertThat(report.text()).contains("the second, but not the first");
        }
    }

    @Test
    void theClaimNamesOptionsThatAreOff() {
        for (MemoryModel model : MemoryModel.values()) {
            assertThat(explore(Weak.WeakExchangeLoop.class, SEARCH.withMemory(model)).claim())
                    .contains("no weak compare-and-set fails without a cause");
        }
        assertThat(explore(Weak.ReadTwice.class, SEARCH.withMemory(MemoryModel.JAVA)).claim())
                .contains("writes that land before newer ones, plain reads that go back behind earlier ones, ");
        assertThatThrownBy(() -> SEARCH.withLeeway(Leeway.DEFAULT.withIncoherent(true)))
                .hasMessage("plain reads go back behind earlier ones under the memory model java only");
        assertThatThrownBy(() -> SEARCH.withLeeway(Leeway.DEFAULT.withInsertion(true)))
                .hasMessage("writes land before newer ones under the memory model java only");
    }

    @ParameterizedTest
    @MethodSource("all")
    void strategiesThatDrawFindItToo(Class<?> scenario) {
        for (String strategy : new String[] {"portfolio", "random", "pct"}) {
            Report report = explore(scenario,
                    ExploreOptions.DEFAULT.withStrategy(strategy).withSchedules(1000).withMemory(MemoryModel.JAVA));
            assertThat(report.passed()).as("%s: %s", strategy, report.text()).isEqualTo(RIGHT.contains(scenario));
        }
    }

    @Test
    void theReportShowsTheOlderValueAndItsTokenReplays() {
        Report report = explore(Weak.Message.class, SEARCH.withMemory(MemoryModel.JAVA));
        assertThat(report.switches()).isEqualTo(1);
        assertThat(report.text()).containsSubsequence("1 forced switch, interrupt or older value is left",
                "interrupt or older value", "reads 0: the store of 1 by a at Weak.java:", " is not visible yet",
                "x 0", "memory model java",
                "note: the same schedule does not fail if every read returns the newest value");
        Report again = Explorer.replay(Explorations.program(Weak.Message.class), report.token(), false,
                Explorer.Progress.NONE);
        assertThat(again.lines()).isEqualTo(report.lines());
        assertThat(again.failure().message()).isEqualTo(report.failure().message());
        assertThat(again.memory()).isEqualTo(MemoryModel.JAVA);
    }

    private static List<String> advice(Class<?> scenario) {
        List<String> notes = explore(scenario, SEARCH.withStrategy("bound3").withMemory(MemoryModel.JAVA)).notes();
        return notes.stream().filter(note -> note.matches("(an ordering is missing|with|or with) .*"))
                .map(note -> note.replaceAll(" at Weak.java:\\d+", "").replaceAll("#\\d+", "")).toList();
    }

    /** Each was tried: the same accesses with that ordering are among the right programs. */
    @Test
    void theReportNamesTheWeakestRepair() {
        assertThat(advice(Weak.Message.class)).containsExactly(
                "an ordering is missing between setOpaque Message.x and setOpaque Message.y by a, and between "
                + "getOpaque Message.y and getOpaque Message.x by b",
                "with setRelease instead of setOpaque and getAcquire instead of getOpaque, this schedule is "
                + "impossible, and none of 35 others fails, which are all of bound2",
                "or with storeStoreFence before setOpaque and loadLoadFence before getOpaque, this schedule is "
                + "impossible, and none of 35 others fails, which are all of bound2");
        assertThat(advice(Weak.Buffers.class)).containsExactly(
                "an ordering is missing between setOpaque Buffers.x and getOpaque Buffers.y by a, and between "
                + "setOpaque Buffers.y and getOpaque Buffers.x by b",
                "with fullFence before getOpaque and fullFence before getOpaque, this schedule is impossible, and none "
                + "of 27 others fails, which are all of bound2");
    }

    @Test
    void oneChangeIsNamedWhereOneIsEnough() {
        assertThat(advice(Weak.FailedExchange.class)).containsExactly(
                "an ordering is missing between setOpaque FailedExchange.x and compareAndSet FailedExchange.y by a",
                "with setVolatile instead of setOpaque, this schedule is impossible, and none of 32 others "
                + "fails, which are all of bound2",
                "or with fullFence before compareAndSet, this schedule is impossible, and none of 32 others fails, "
                + "which are all of bound2");
        assertThat(advice(Weak.PassedOn.class)).containsExactly(
                "an ordering is missing between getOpaque PassedOn.x and setOpaque PassedOn.y by b",
                "with getAcquire instead of getOpaque, this schedule is impossible, and none of 165 others "
                + "fails, which are all of bound2",
                "or with releaseFence before setOpaque, this schedule is impossible, and none of 165 others fails, "
                + "which are all of bound2");
    }

    /** The repair of the schedule that was found is not the repair of the program. */
    @Test
    void aRepairThatIsNotEnoughSaysSo() {
        assertThat(advice(Weak.TwoMessages.class)).anyMatch(
                note -> note.contains("this schedule is impossible, but another one fails still"))
                .noneMatch(note -> note.contains("none of"));
    }

    /** Switches alone show this failure, so no older value is left. */
    @Test
    void shrinkingRemovesOlderValuesThatAreNotNeeded() {
        ExploreOptions random = ExploreOptions.DEFAULT.withStrategy("random").withMemory(MemoryModel.JAVA);
        long found = LongStream.range(1, 100).filter(seed -> explore(Weak.Crossed.class,
                random.withSeed(seed).withShrink(false)).text().contains("is not visible yet")).findFirst()
                .orElseThrow();
        assertThat(explore(Weak.Crossed.class, random.withSeed(found)).text()).contains("rule broken: deadlock")
                .doesNotContain("is not visible yet", "does not fail if every read");
    }

    @Test
    void theClaimNamesTheModelAndWhatItLeavesOut() {
        Report report = explore(Weak.OrderedMessage.class, SEARCH.withMemory(MemoryModel.JAVA));
        assertThat(report.claim()).startsWith("proven for runs under the memory model java with at most 2 departures")
                .contains("load buffering",
                        "writes that land before newer ones", "default values after a racy publication")
                .doesNotContain("only the last");
        assertThat(explore(Weak.ManyValues.class, SEARCH.withMemory(MemoryModel.JAVA)).claim())
                .contains("only the last 4 were read");
        assertThat(explore(Weak.OrderedMessage.class, SEARCH).claim()).startsWith("proven for sequentially consistent");
    }

    @Test
    void whatIsAlwaysReadNewestIsNamed() {
        Report report = explore(Weak.Bytes.class, SEARCH.withMemory(MemoryModel.JAVA));
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(report.notes()).contains("always read newest: byte[]");
    }

    /** No run looks for shared fields here, so plain accesses are no steps. */
    @Test
    void aPlainWriteThatIsNoStepIsNotLost() {
        Sites.forgetFields();
        readsTheOldest(Weak.OwnPlainWrite.class);
    }

    /** Else the run would have to be given up: its value would have to come before one that followed another. */
    @Test
    void aConditionalWriteReadsNoOlderValueThatItExpects() {
        readsTheOldest(Weak.FirstExchanges.class);
    }

    private static void readsTheOldest(Class<?> scenario) {
        Runner runner = new Runner(Explorations.program(scenario), Coroutine.best(), 1000);
        runner.under(MemoryModel.JAVA, Leeway.DEFAULT);
        Strategy oldest = new RandomStrategy() {
            @Override
            public int outcome(Run x, Strand strand, DepartureKind kind, int outcomes) {
                return outcomes - 1;
            }
        };
        boolean any = false;
        for (int i = 0; i < 200; i++) {
            assertThat(runner.run(oldest, i, i)).isEqualTo(Outcome.COMPLETE);
            any |= runner.x.departures().size() > runner.x.departures().without(DepartureKind.OLDER_VALUE).size();
        }
        assertThat(any).isTrue();
    }

    @Test
    void runsThatReadOlderValuesAreTheSameOnThreads() {
        ExploreOptions options = SEARCH.withMemory(MemoryModel.JAVA);
        assertThat(explore(Weak.FailedExchange.class, options.withThreads(true)).token())
                .isEqualTo(explore(Weak.FailedExchange.class, options).token());
    }

    @Test
    void whatIsNotModelledIsRefused() {
        ExploreOptions java = ExploreOptions.DEFAULT.withMemory(MemoryModel.JAVA);
        assertThatThrownBy(() -> java.withDataRaces(true)).isInstanceOf(ExplorerException.class)
                .hasMessageContaining("sequentially consistent runs only");
    }
}
