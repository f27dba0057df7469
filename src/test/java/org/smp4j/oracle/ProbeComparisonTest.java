package org.smp4j.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.oracle.Probe.afterAll;
import static org.smp4j.oracle.Probe.edge;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.DynamicTest;

/** The comparison can fail: each rule of {@code oracle/README.md} is broken once. */
class ProbeComparisonTest {
    private static final Probe PROBE =
            Probe.parse("p: a@1 [f cpu=2 pc=1] a@1 b@1 on.dn(3)@3+online irqs_off=0 pc=0 ret=0");

    private static List<ProbeLog.Logged> log(String... entries) {
        List<ProbeLog.Logged> log = new ArrayList<>();
        for (String entry : entries) {
            int cpu = entry.contains("@1") ? 1 : entry.startsWith("[") ? 2 : entry.contains("@3") ? 3 : 0;
            log.add(new ProbeLog.Logged(cpu, entry));
        }
        return log;
    }

    private static final String F = "[f cpu=2 pc=1]";
    private static final String DN = "on.dn(3)@3+online irqs_off=0 pc=0";

    @Test
    void aLineIsTakenApart() {
        assertThat(PROBE.entries()).containsExactly("a@1", F, "a@1", "b@1", DN, "ret=0");
        assertThat(Probe.names()).hasSize(43).contains("single_self_wait", "sync_waiter_vs_cpu_down");
    }

    @Test
    void everyProbeIsATestOfThatName() {
        List<String> tests = Stream.of(ProbeTest.class, HotplugProbeTest.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class)).map(Method::getName).toList();
        assertThat(tests).containsAll(Probe.names());
    }

    @Test
    void otherCpusMayBeEarlierOrLater() {
        assertThat(PROBE.differences(log("a@1", F, "a@1", "b@1", DN, "ret=0"))).isEmpty();
        assertThat(PROBE.differences(log("ret=0", DN, "a@1", "a@1", "b@1", F))).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> aDifferenceIsSeen() {
        return Stream.of(
                differs("an entry too few", "other entries", log("a@1", F, "b@1", DN, "ret=0")),
                differs("an entry too many", "other entries", log("a@1", F, "a@1", "a@1", "b@1", DN, "ret=0")),
                differs("another context", "other entries", log("a@1", "[f cpu=2 pc=2]", "a@1", "b@1", DN, "ret=0")),
                differs("another order on a CPU", "too early on CPU 1", log("a@1", "b@1", F, "a@1", DN, "ret=0")),
                differs("a caller that does not wait", "came before", log("a@1", F, "a@1", "b@1", "ret=0", DN),
                afterAll("ret=0")),
                differs("an edge that is broken", "came before", log("a@1", "a@1", F, "b@1", DN, "ret=0"),
                edge(F, "a@1#2")));
    }

    private static DynamicTest differs(String name, String difference, List<ProbeLog.Logged> log, Probe.Edge... edges) {
        return DynamicTest.dynamicTest(name, () -> assertThat(PROBE.differences(log, edges)).contains(difference));
    }
}
