package org.smp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The heap of processes that share work: bounded, unless the user has set it. */
class JobHeapTest {
    @ParameterizedTest
    @ValueSource(strings = {"-Xmx64m", "-Xms1g", "-XX:MaxHeapSize=1g", "-XX:MaxRAMPercentage=10", "-XX:MaxRAM=4g",
        "-XX:InitialHeapSize=1g"})
    void sizeThatTheUserHasSetIsKept(String argument) {
        assertThat(Jobs.haveHeap(List.of("-XX:+UseParallelGC", argument))).isTrue();
    }

    @Test
    void otherArgumentsSetNoSize() {
        assertThat(Jobs.haveHeap(List.of("-XX:+UseParallelGC", "-Xss1m", "-Dmx=1", "-XX:+UseCondCardMark",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", "-XX:AOTCache=a"))).isFalse();
    }
}
