package org.smp4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.fuzz.program.Program;
import org.smp4j.selftest.Mutants;
import org.smp4j.weave.Weave;

/** A program is explored under the memory model that is asked for: only java shows an ordering that is missing. */
class WeakMemoryProgramTest {
    private static ProgramResult explore(String program, int schedules, MemoryModel memory, Weave weave) {
        LoadedTower tower = new LoadedTower(List.of(), WeakMemoryProgramTest.class.getClassLoader(), weave);
        ProgramResult result = new ProgramExplorer(tower, schedules, Explorer.Progress.NONE, memory)
                .explore(Program.parse(program));
        assertThat(result.fault()).isNull();
        return result;
    }

    private static Weave without(String ordering) {
        return Mutants.all().stream().filter(each -> each.name().equals(ordering)).findFirst().orElseThrow().mutation();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void missingOrderingIsFoundUnderJava(MemoryModel memory) {
        String program = "c3/t0=async.2.0,async.2.0/t1=async.2.0,async.2.0";
        ProgramResult result = explore(program, 300, memory, without("llist-take-release"));
        assertThat(result.failed()).as(result.message()).isEqualTo(memory == MemoryModel.JAVA);
        if (memory == MemoryModel.JAVA) {
            assertThat(explore(program, 300, memory, Weave.nothing()).failed()).isFalse();
        }
    }

    /** What one thread writes for another, without an ordering of its own, arrives only if the tower orders it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "flags-opaque           | c2/t0=single.1.1/t1=context                  | not handed over",
        "irq-work-claim-acquire | c2/t0=iwqon.0.1/t1=iwqon.0.1                 | not handed over",
        "irq-work-begin-release | c2/t0=iwqon.0.1/t1=iwqon.0.1                 | not handed over",
        "irq-work-end-plain     | c2/t0=iwqon.0.1,iwsync.0/t1=context          | not handed over",
        "rwsem-block-opaque     | t2/t0=write/t1=read,read                     | not handed over",
        "rwsem-sum-opaque       | t2/t0=write/t1=read,read                     | not handed over",
        "stop-state-opaque      | t2/t0=stop.3/t1=preempt,preempt              | not handed over",
        "stop-ack-acquire       | t2/t0=stop.3/t1=preempt,preempt              | not handed over",
        "stop-done-plain        | t2/t0=stop.2/t1=preempt                      | result that is not allowed",
        "mm-unuse-unfenced      | t2/t0=membarrier/t1=inprocess                | no barrier",
        "rcu-look-opaque        | t2/t0=rcu/t1=preempt,yield                   | not handed over",
        "woken-opaque           | t2/t0=await.0,await.1/t1=signal.0,signal.1   | deadlock"})
    void whatIsHandedOverArrives(String ordering, String program, String rule) {
        assertThat(explore(program, 300, MemoryModel.JAVA, Weave.nothing()).failed()).isFalse();
        ProgramResult result = explore(program, 5000, MemoryModel.JAVA, without(ordering));
        assertThat(result.rule()).as(result.message()).isEqualTo(rule);
    }

    /** A thread that does not know that a work was queued need not wait for it. */
    @ParameterizedTest
    @ValueSource(strings = {"c2/t0=iwqon.0.1/t1=iwsync.0", "c2/t0=iwqon.0.1,iwqon.0.1/t1=iwqon.0.1,iwsync.0"})
    void whatIsNotKnownIsNotWaitedFor(String program) {
        ProgramResult result = explore(program, 1000, MemoryModel.JAVA, Weave.nothing());
        assertThat(result.failed()).as(result.message()).isFalse();
    }
}
