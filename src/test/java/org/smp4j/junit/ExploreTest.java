package org.smp4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.smp4j.explore.samples.ExploreSamples;

/** Tests of {@link Explore}, by running some. */
class ExploreTest {
    private static final Pattern TOKEN = Pattern.compile("replay with: (\\S+)");

    @TempDir
    private Path tokens;

    private EngineTestKit.Builder kit() {
        return EngineTestKit.engine("junit-jupiter").configurationParameter(ExploreExtension.TOKENS, tokens.toString());
    }

    private EngineExecutionResults run(Class<?> type, String method) {
        return kit().selectors(selectMethod(type.getName() + "#" + method)).execute();
    }

    private static Throwable failure(EngineExecutionResults results) {
        assertThat(results.testEvents().failed().count()).isEqualTo(1);
        return results.testEvents().failed().stream().findFirst().orElseThrow()
                .getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
    }

    private static void passes(EngineExecutionResults results) {
        results.testEvents().assertStatistics(statistics -> statistics.started(1).succeeded(1));
    }

    private static String token(Throwable failure) {
        Matcher token = TOKEN.matcher(failure.getMessage());
        assertThat(token.find()).as(failure.getMessage()).isTrue();
        return token.group(1);
    }

    @Test
    void defaultsFindTheCallThatIsLost() throws Exception {
        Throwable failure = failure(run(ExploreSamples.Calls.class, "unguarded(org.smp4j.Machine)"));
        assertThat(failure).isInstanceOf(AssertionError.class)
                .hasMessageContaining("FAILED " + ExploreSamples.Calls.class.getName() + "#unguarded");
        String token = token(failure);
        assertThat(Files.readString(tokens.resolve(ExploreSamples.Calls.class.getName() + ".unguarded.token")).strip())
                .isEqualTo(token);
        for (String strands : new String[] {"continuations", "threads"}) {
            EngineExecutionResults again = kit().selectors(selectClass(ExploreSamples.Calls.class))
                    .configurationParameter(ExploreExtension.REPLAY, token)
                    .configurationParameter(ExploreExtension.STRANDS, strands).execute();
            assertThat(failure(again).getMessage()).contains("replay with: " + token, "strands on " + strands);
            assertThat(again.testEvents().skipped().stream().map(Event::toString)).singleElement().asString()
                    .contains("guarded", "is about");
        }
    }

    @Test
    void guardedSenderPasses() {
        passes(run(ExploreSamples.Calls.class, "guarded(org.smp4j.Machine)"));
    }

    @Test
    void deviceMayInterrupt() {
        assertThat(failure(run(ExploreSamples.Devices.class, "interruptible(org.smp4j.Machine)")))
                .hasMessageContaining(": disk interrupts CPU 1");
        passes(run(ExploreSamples.Devices.class, "withIrqsOff(org.smp4j.Machine)"));
    }

    @Test
    void plainThreadsAreExploredToo() {
        Throwable failure = failure(run(ExploreSamples.Threads.class, "racy()"));
        assertThat(failure).hasMessageContaining("Threads.count")
                .hasMessageContaining("page to step through it: ").hasCauseInstanceOf(AssertionError.class);
        assertThat(failure.getCause()).hasMessageContaining("[count]");
        passes(run(ExploreSamples.Threads.class, "locked()"));
        failure(run(ExploreSamples.Threads.class, "checked()"));
    }

    @Test
    void assertionsAreOnEverywhere() {
        Class<?> asserts = ExploreSamples.Asserts.class;
        assertThat(failure(run(asserts, "inTask(org.smp4j.Machine)"))).hasMessageContaining("in the task");
        assertThat(failure(run(asserts, "inBody()"))).hasMessageContaining("in the body")
                .hasCauseInstanceOf(AssertionError.class);
        assertThat(failure(run(asserts, "nowhere(org.smp4j.Machine)"))).hasMessageContaining("afterwards")
                .hasMessageContaining("assertions on");
    }

    @Test
    void boundsProve() {
        EngineExecutionResults results = run(ExploreSamples.Threads.class, "proven()");
        passes(results);
        assertThat(results.allEvents().reportingEntryPublished().stream().map(Event::toString)).singleElement()
                .asString()
                .contains("proven for sequentially consistent runs with at most 2 departures");
    }

    @Test
    void whatIsClaimedIsSaid() {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        EngineExecutionResults results;
        try {
            results = run(ExploreSamples.Threads.class, "locked()");
        } finally {
            System.setOut(console);
        }
        passes(results);
        assertThat(printed.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("@Explore ")))
                .singleElement().asString()
                .matches("@Explore \\S+Threads#locked: \\d+ schedules of portfolio with seed 1, \\d+ distinct; nothing "
                + "found; .*");
        assertThat(results.allEvents().reportingEntryPublished().stream().map(Event::toString)).singleElement()
                .asString()
                .contains("schedules", "distinct", "strategy",
                "nothing found; that proves nothing about the runs that were not made");
    }

    @Test
    void dataRacesFailOnRequest() {
        assertThat(failure(run(ExploreSamples.Threads.class, "dataRace()"))).hasMessageContaining("data race");
    }

    @Test
    void warningsFail() {
        assertThat(failure(run(ExploreSamples.Warns.class, "sleepsWherePreemptionIsOff(org.smp4j.Machine)")))
                .hasMessageContaining("the machine warned");
    }

    @Test
    void tasksOfTasksCount() {
        assertThat(failure(run(ExploreSamples.Warns.class, "spawnedBySpawned(org.smp4j.Machine)")))
                .hasMessageContaining("from the second");
    }

    private void refuses(Class<?> type, String method, String... message) {
        assertThat(failure(run(type, method)).getMessage()).contains(message);
    }

    @Test
    void misuseIsOneClearError() {
        refuses(ExploreSamples.Misuse.class, "takesSomethingElse(org.junit.jupiter.api.TestInfo)",
                "it takes TestInfo; it must take a Machine or nothing");
        refuses(ExploreSamples.Misuse.class, "unknownStrategy()", "strategy guess: one of");
        refuses(ExploreSamples.Misuse.class, "two()", "set only one of them");
        refuses(ExploreSamples.Misuse.class, "nothingToExplore()", "none of its code was instrumented");
        refuses(ExploreSamples.BeforeWithParameter.class, "test()", "@BeforeEach prepare must take no parameters");
        EngineExecutionResults inner = kit().selectors(selectClass(ExploreSamples.WithInner.class)).execute();
        assertThat(failure(inner)).hasMessageContaining("inner class");
    }

    @Test
    void damagedTokenIsSaid() {
        EngineExecutionResults results = kit()
                .selectors(selectMethod(ExploreSamples.Threads.class.getName() + "#racy()"))
                .configurationParameter(ExploreExtension.REPLAY, "smp4j1:some:thing:else").execute();
        assertThat(failure(results)).hasMessageContaining("the token is damaged");
    }
}
