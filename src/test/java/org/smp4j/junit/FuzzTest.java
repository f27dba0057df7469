package org.smp4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.smp4j.explore.model.HostException;
import org.smp4j.fuzz.sample.FuzzSamples;

/** Tests of {@link Fuzz}, by running some. */
class FuzzTest {
    private static final Pattern TOKEN = Pattern.compile("replay with: (\\S+)");

    private static EngineTestKit.Builder kit(Class<?> type) {
        return EngineTestKit.engine("junit-jupiter").selectors(selectClass(type));
    }

    private static Throwable failure(EngineExecutionResults results) {
        assertThat(results.testEvents().failed().count()).isEqualTo(1);
        return results.testEvents().failed().stream().findFirst().orElseThrow()
                .getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
    }

    @Test
    void driverWithoutAFaultPasses() {
        kit(FuzzSamples.DiskFuzz.class).execute().testEvents()
                .assertStatistics(statistics -> statistics.started(1).succeeded(1));
    }

    @Test
    void lostUpdateOfADriverIsFoundAndReplays() {
        Throwable failure = failure(kit(FuzzSamples.BrokenDiskFuzz.class).execute());
        assertThat(failure).hasMessageContaining("requests are counted, and none is in flight")
                .hasMessageContaining("diskrequest").hasMessageContaining("page to step through it: ");
        Matcher token = TOKEN.matcher(failure.getMessage());
        assertThat(token.find()).isTrue();
        Throwable again = failure(kit(FuzzSamples.BrokenDiskFuzz.class)
                .configurationParameter(ExploreExtension.REPLAY, token.group(1)).execute());
        assertThat(again).hasMessageContaining("requests are counted, and none is in flight");
    }

    /** Its usual test runs as usual. */
    @Test
    void classHasOperationsOfItsOwn() {
        EngineExecutionResults results = kit(FuzzSamples.BrokenDiskTest.class).execute();
        results.testEvents().assertStatistics(statistics -> statistics.started(2).succeeded(1).failed(1));
        assertThat(failure(results)).hasMessageContaining("requests are counted, and none is in flight")
                .hasMessageContaining("private final org.smp4j.fuzz.sample.BrokenDiskProductions.BrokenDisk disk");
    }

    @Test
    void shortageOfMemoryIsNoFailureOfAProgram() {
        assertThat(failure(kit(FuzzSamples.FullTest.class).execute())).isInstanceOf(HostException.class)
                .hasMessageContaining("ENDED EARLY").hasMessageContaining("Java heap space");
    }

    @Test
    void wrongFloorIsRefused() {
        assertThat(failure(kit(FuzzSamples.NoFloor.class).execute())).hasMessageContaining("the floor must be");
    }
}
