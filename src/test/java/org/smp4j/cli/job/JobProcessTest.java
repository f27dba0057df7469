package org.smp4j.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.cli.Main;

/** Processes that share work: they run smp4j, and their heap is bounded, unless the user has set it. */
class JobProcessTest {
    @ParameterizedTest
    @ValueSource(strings = {"-Xmx64m", "-Xms1g", "-XX:MaxHeapSize=1g", "-XX:MaxRAMPercentage=10", "-XX:MaxRAM=4g",
        "-XX:InitialHeapSize=1g"})
    void sizeThatTheUserHasSetIsKept(String argument) {
        assertThat(JobProcess.haveHeap(List.of("-XX:+UseParallelGC", argument))).isTrue();
    }

    @Test
    void otherArgumentsSetNoSize() {
        assertThat(JobProcess.haveHeap(List.of("-XX:+UseParallelGC", "-Xss1m", "-Dmx=1", "-XX:+UseCondCardMark",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", "-XX:AOTCache=a"))).isFalse();
    }

    @Test
    void theyRunTheSameProgram() {
        assertThat(JobProcess.MAIN).isEqualTo(Main.class.getName());
        assertThat(JobProcess.command(List.of("fuzz", "--job"))).endsWith(Main.class.getName(), "fuzz", "--job");
    }
}
