package org.smp4j.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.protocol.Overlooked;
import org.smp4j.explore.protocol.Small;

/**
 * A claim names the assumptions of its search: each assumption has a program here that is wrong just there, and passes.
 */
class ClaimTest {
    private static Report by(String strategy, Class<?> scenario) {
        return Explorations.explore(scenario, ExploreOptions.DEFAULT.withStrategy(strategy).withSchedules(100_000));
    }

    static Stream<Arguments> unseenByReduction() {
        return Stream.of(Arguments.of(Overlooked.GivenUp.class,
                "use after release is looked for in the order of the runs that were made"),
                Arguments.of(Overlooked.LookedAt.class,
                        "quiet reads of a scenario see values in the order of the runs that were made"),
                Arguments.of(Overlooked.Numbered.class,
                        "identity hash codes are those of the order in which the runs that were made ask"));
    }

    @ParameterizedTest
    @MethodSource("unseenByReduction")
    void whatNoStepTellsIsLeftOutOfTheClaimOfAReduction(Class<?> scenario, String left) {
        Report reduced = by("dpor", scenario);
        assertThat(reduced.passed()).as(reduced.text()).isTrue();
        assertThat(reduced.claim()).startsWith("proven for all").contains(left);
        Report bounded = by("bound2", scenario);
        assertThat(bounded.passed()).as(bounded.text()).isFalse();
    }

    /** The first time a thread goes on at once: it need not be in a loop. */
    @ParameterizedTest
    @ValueSource(classes = {Overlooked.Yields.class, Overlooked.Pauses.class, Overlooked.YieldsWhileNotified.class})
    void aYieldDoesNotWaitForAChange(Class<?> scenario) {
        for (String strategy : new String[] {"dpor", "sleep-sets", "bound2", "portfolio"}) {
            Report report = by(strategy, scenario);
            assertThat(report.passed()).as(report.text()).isFalse();
            assertThat(report.failure().rule()).contains("IllegalStateException");
        }
    }

    @Test
    void aThreadThatYieldsAgainIsHeldBackByEachSearch() {
        for (String strategy : new String[] {"dpor", "sleep-sets", "bound2"}) {
            Report report = by(strategy, Overlooked.YieldsAgain.class);
            assertThat(report.passed()).as(report.text()).isTrue();
            assertThat(report.claim()).startsWith("proven").contains("a thread that spins, or yields again at a place, "
                    + "goes on only after a change of something that it has read");
        }
    }

    static Stream<Arguments> leftOut() {
        String spurious = "no wake-up is spurious";
        return Stream.of(Arguments.of(Overlooked.AboutToWait.class,
                List.of("a thread that is about to wait is taken for one that waits where another asks for its state")),
                Arguments.of(Overlooked.WokenFirst.class,
                        List.of("notify wakes the thread that has waited longest", spurious)),
                Arguments.of(Overlooked.WaitsOnce.class, List.of(spurious)),
                Arguments.of(Overlooked.ParksOnce.class, List.of(spurious)),
                Arguments.of(Overlooked.FilledUnseen.class,
                        List.of("and if none of the unmodelled calls that the notes list reaches what threads share")));
    }

    @ParameterizedTest
    @MethodSource("leftOut")
    void whatNoSearchTriesIsLeftOutOfEachClaimAndNothingElseIs(Class<?> scenario, List<String> left) {
        for (String strategy : new String[] {"dpor", "bound3"}) {
            Report report = by(strategy, scenario);
            assertThat(report.passed()).as(report.text()).isTrue();
            List<String> parts = List.of(report.claim().split("; "));
            assertThat(parts.getFirst()).startsWith("proven for");
            assertThat(parts).as(report.claim()).filteredOn(part -> !part.startsWith("proven for")
                    && !part.startsWith("nothing is said of runs with more"))
                    .containsExactlyElementsOf(left);
        }
    }

    @Test
    void whatACallThatIsNotModelledHidesIsFoundWhereItIsWrittenOut() {
        assertThat(by("dpor", Overlooked.FilledUnseen.class).notes()).singleElement().asString()
                .contains("not modelled", "Overlooked$FilledUnseen.fill", "Arrays.setAll");
        assertThat(by("portfolio", Overlooked.FilledUnseen.class).notes())
                .filteredOn(note -> note.startsWith("not modelled: ")).singleElement().asString()
                .contains("Overlooked$FilledUnseen.fill", "Arrays.setAll");
        assertThat(by("dpor", Overlooked.FilledByHand.class).failure().message()).contains("half");
    }

    @Test
    void aClaimLeavesOutNothingThatDidNotCome() {
        assertThat(by("dpor", Small.Counter.class).claim()).doesNotContain(";");
    }

    @Test
    void plainFieldsThatFewSchedulesShareAreFound() {
        for (int seed = 1; seed <= 3; seed++) {
            Report report = Explorations.explore(Overlooked.ManySwitches.class,
                    ExploreOptions.DEFAULT.withSeed(seed).withSchedules(60_000));
            assertThat(report.passed()).as(report.text()).isFalse();
            Report again = Explorer.replay(Explorations.program(Overlooked.ManySwitches.class), report.token(), false,
                    Explorer.Progress.NONE);
            assertThat(again.failure().rule()).isEqualTo(report.failure().rule());
        }
    }

    @Test
    void plainFieldsOfCodeThatFewSchedulesReachAreFound() {
        for (int seed = 1; seed <= 3; seed++) {
            Report report = Explorations.explore(Overlooked.RareCount.class,
                    ExploreOptions.DEFAULT.withSeed(seed).withSchedules(200_000));
            assertThat(report.passed()).as(report.text()).isFalse();
            Report again = Explorer.replay(Explorations.program(Overlooked.RareCount.class), report.token(), false,
                    Explorer.Progress.NONE);
            assertThat(again.failure().rule()).isEqualTo(report.failure().rule());
        }
    }
}
