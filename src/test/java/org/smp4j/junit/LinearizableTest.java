package org.smp4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

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

/** Tests of {@link Linearizable}, by running some. */
class LinearizableTest {
    private static final Pattern TOKEN = Pattern.compile("replay with: (\\S+)");
    private static final String SAMPLES = "org.smp4j.explore.samples.LinearizableSamples$";

    @TempDir
    private Path tokens;

    private EngineTestKit.Builder kit(String method) {
        return EngineTestKit.engine("junit-jupiter").configurationParameter(ExploreExtension.TOKENS, tokens.toString())
                .selectors(selectMethod(SAMPLES + method + "()"));
    }

    private static Throwable failure(EngineExecutionResults results) {
        assertThat(results.testEvents().failed().count()).isEqualTo(1);
        return results.testEvents().failed().stream().findFirst().orElseThrow()
                .getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
    }

    @Test
    void violationFailsAndReplays() throws Exception {
        Throwable failure = failure(kit("Lossy#isLinearizable").execute());
        assertThat(failure).isInstanceOf(AssertionError.class)
                .hasMessageContaining("FAILED " + SAMPLES + "Lossy#isLinearizable: no sequential run")
                .hasMessageContaining("increment() -> 1 | increment() -> 1")
                .hasMessageContaining("page to step through it: ");
        assertThat(Path.of(failure.getMessage().replaceAll("(?s).*page to step through it: ", "").strip())).content()
                .contains("<p>Found in program ", "run before shrinking");
        Matcher token = TOKEN.matcher(failure.getMessage());
        assertThat(token.find()).isTrue();
        assertThat(Files.readString(tokens.resolve(SAMPLES + "Lossy.isLinearizable.token")).strip())
                .isEqualTo(token.group(1));
        for (String strands : new String[] {"continuations", "threads"}) {
            EngineExecutionResults again = kit("Lossy#isLinearizable")
                    .configurationParameter(ExploreExtension.REPLAY, token.group(1))
                    .configurationParameter(ExploreExtension.STRANDS, strands).execute();
            assertThat(failure(again)).hasMessageContaining("repeated from its token")
                    .hasMessageContaining("increment() -> 1 | increment() -> 1");
        }
        kit("Counters#isLinearizable").configurationParameter(ExploreExtension.REPLAY, token.group(1)).execute()
                .testEvents().assertStatistics(statistics -> statistics.skipped(1));
    }

    @Test
    void rightOperationsPassAndSayWhatIsClaimed() {
        EngineExecutionResults results = kit("Counters#isLinearizable").execute();
        results.testEvents().assertStatistics(statistics -> statistics.succeeded(1));
        assertThat(results.allEvents().reportingEntryPublished().stream().map(Event::toString)).singleElement()
                .asString().contains("programs", "10", "schedules", "1000", "nothing found");
        EngineExecutionResults proven = kit("Counters#isProven").execute();
        proven.testEvents().assertStatistics(statistics -> statistics.succeeded(1));
        assertThat(proven.allEvents().reportingEntryPublished().stream().map(Event::toString)).singleElement()
                .asString().contains("for each of these", "and for no other: proven for");
    }

    @Test
    void testMethodIsCalledAtTheEndOfEachRun() {
        assertThat(failure(kit("Counters#endsOdd").execute())).hasMessageContaining("AssertionError: even");
    }

    @Test
    void misuseIsOneClearError() {
        assertThat(failure(kit("Prepares#isLinearizable").execute()))
                .hasMessageContaining("has a method with @BeforeEach, which would not be called");
        EngineExecutionResults unseen = EngineTestKit.engine(UnseenEngine.ID)
                .selectors(selectMethod(SAMPLES + "Counters#unseen()")).execute();
        assertThat(failure(unseen)).hasMessageContaining("JUnit would not run it");
    }
}
